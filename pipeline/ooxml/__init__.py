"""Office files below their meaning: packages opened safely and written without a clock, Word's numbers as they print."""
