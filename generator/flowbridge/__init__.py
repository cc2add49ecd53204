"""Flowbridge compiles a YAML workflow into a Durable Functions app and a Power Platform connector."""
