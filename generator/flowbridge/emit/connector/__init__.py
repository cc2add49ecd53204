"""From the plan to the custom connector: typed data first, dumped as Microsoft's files in the end; never templated."""
