"""Renders the chart with the helm command."""

import pathlib
import subprocess

import yaml

CHART = pathlib.Path(__file__).parent.parent / "saydo"
VALUES = {path.stem: path for path in sorted((pathlib.Path(__file__).parent / "values").glob("*.yaml"))}
VALUES["minikube"] = CHART / "values-minikube.yaml"
LONG = "a-release-whose-name-is-as-long-as-helm-allows-it-53"


def helm(*arguments):
    return subprocess.run(["helm", *map(str, arguments)], capture_output=True, text=True, timeout=120)


def template(values, *sets, release="saydo", namespace="demo"):
    options = [option for value in sets for option in ("--set", value)]
    return helm("template", release, CHART, "--namespace", namespace, "--values", VALUES[values], *options)


def render(values, *sets, **names):
    done = template(values, *sets, **names)
    assert done.returncode == 0, done.stderr
    return [thing for thing in yaml.safe_load_all(done.stdout) if thing]


def of_kind(objects, *kinds):
    return [thing for thing in objects if thing["kind"] in kinds]


def named(objects, kind, name):
    found = [thing for thing in of_kind(objects, kind) if thing["metadata"]["name"] == name]
    assert len(found) == 1, f"{kind} {name}: {len(found)}"
    return found[0]


def pods(objects):
    """(owner, metadata, spec) of each pod template and Pod."""
    for thing in objects:
        if thing["kind"] == "Pod":
            yield thing, thing["metadata"], thing["spec"]
        elif "template" in (thing.get("spec") or {}):
            yield thing, thing["spec"]["template"]["metadata"], thing["spec"]["template"]["spec"]
