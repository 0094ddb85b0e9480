"""A language model on an Ollama server as a brain, with the embedded one behind it. Imported only where AEIP_BRAIN asks for it."""
