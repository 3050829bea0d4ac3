"""Lines of a file by the path of a key."""

from tallystick.regimes.files.yaml_file import Node


class Places:
    """Finds the line of a key by its path; the nearest line above where there is none."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def __call__(self, *path: str | int) -> str:
        """``file:line`` of the key."""
        node = self.node
        for step in path:
            if isinstance(node.value, dict) and step in node.value:
                node = node.value[str(step)]
            elif isinstance(node.value, tuple) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                break
        return node.place
