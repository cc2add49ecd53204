"""Text in and text out: sources, spans, rules, diagnostics and how they are shown (ground floor)."""
