"""`hearth personal-data`: what is held on somebody, a copy of it, and their erasure, for whoever runs Hearth."""
