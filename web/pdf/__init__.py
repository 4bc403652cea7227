"""Pictures of the pages that quotes stand on, drawn from PDFs that the library keeps (decision 0048)."""
