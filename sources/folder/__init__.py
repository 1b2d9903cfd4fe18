"""The bottom: where files lie, how they are written whole or not at all, how SQL text is quoted."""
