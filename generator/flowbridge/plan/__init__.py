"""What must happen, in Durable Functions' words: names allotted, order fixed, defaults filled, no sugar left."""
