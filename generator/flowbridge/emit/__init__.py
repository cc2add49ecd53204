"""From the plan to files: the Functions app and the connector."""
