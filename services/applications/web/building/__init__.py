"""The pages of the form builder, beneath their views: fields read into settings and back, a preview without storage."""
