"""The answers to tests/data/questions.json, computed without SQL and without Alcove."""
