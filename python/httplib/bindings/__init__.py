"""The place of the bindings: componentize-py puts the generated ones here."""

raise ImportError(
    "httplib needs the bindings that componentize-py writes: name its world,"
    " as in `componentize-py --world httplib:python/command componentize app`"
)
