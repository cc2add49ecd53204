"""What the generated orchestrators stand on: durable patterns that survive anything the engine may do."""
