"""Long work: asked for on a page, done by a worker, its progress seen, its result kept."""
