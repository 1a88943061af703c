"""The pages of exports: asked for, followed, collected, traced."""
