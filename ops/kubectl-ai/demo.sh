#!/usr/bin/env bash
# Deploy, scale and debug Saydo in words. `demo.sh` reads only; `demo.sh --change` may change the namespace saydo.
# The model: OPENAI_ENDPOINT (any OpenAI-compatible server), OPENAI_API_KEY and MODEL.
set -euo pipefail
cd "$(dirname "$0")/../.."
context=$(kubectl config current-context || true)
[ "$context" = minikube ] || { echo "the current context is '$context': run 'kubectl config use-context minikube' first" >&2; exit 1; }
command -v kubectl-ai >/dev/null || { echo "kubectl-ai is missing: https://github.com/GoogleCloudPlatform/kubectl-ai" >&2; exit 1; }
SAYDO_CHECKOUT=$PWD
export SAYDO_CHECKOUT

ask() {
	printf '\n$ kubectl-ai %s\n' "$*"
	kubectl-ai --llm-provider=openai --model="${MODEL:-gpt-4.1}" --custom-tools-config=ops/kubectl-ai/tools.yaml --quiet "$@"
}

in="In the namespace saydo, and only there:"
ask "$in which deployments, pods and autoscalers are there, and is every pod ready? Change nothing."
ask "$in what do the last 20 log lines of the backend say? Change nothing."
[ "${1:-}" = --change ] || exit 0

# Nothing asks before it acts from here on.
change() { ask --skip-permissions "$@"; }
change "$in make the autoscaler saydo-backend keep at least 3 pods, and wait until they are ready."
kubectl --context minikube --namespace saydo set image deployment/saydo-backend backend=saydo-backend:does-not-exist
change "$in a new pod of saydo-backend does not start. Find out why, then undo the rollout and wait until it is done."
change "$in make the autoscaler saydo-backend keep at least 2 pods again."
helm --kube-context minikube test saydo --namespace saydo
