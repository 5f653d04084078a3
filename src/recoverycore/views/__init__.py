"""SHOW: values as pages and pictures, self-contained, without a script, with nothing personal in them.

You reach it through the values themselves: `to_html`, `to_svg`, a notebook. It registers how each is shown with
`recoverycore.ground.render`, which loads it when something is first shown; it may import everything below it but the engine.
"""
