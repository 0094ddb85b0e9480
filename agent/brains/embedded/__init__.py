"""The brain without a language model: it reads the sentence with a grammar of the domain."""
