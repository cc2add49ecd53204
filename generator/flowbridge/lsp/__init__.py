"""The language server: the compiler's own reading and checking, asked while a workflow is being written."""
