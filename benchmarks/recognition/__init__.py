"""What `bench_recognition.py` measures: clusterings, readers, and how readers bear what can happen to an image."""
