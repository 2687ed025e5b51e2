{{/* What no schema can say: values that need each other. */}}
{{- define "saydo.checks" -}}
{{- if not (or .Values.auth.existingSecret .Values.auth.secret) -}}
{{- fail "auth.existingSecret (or auth.secret) is required: at least 32 random bytes, for example from `openssl rand -base64 32`" -}}
{{- end -}}
{{- if .Values.postgresql.bundled -}}
{{- if or .Values.externalDatabase.existingSecret .Values.externalDatabase.url -}}
{{- fail "postgresql.bundled and externalDatabase exclude each other: choose one database" -}}
{{- end -}}
{{- if not (or .Values.postgresql.existingSecret .Values.postgresql.password) -}}
{{- fail "postgresql.existingSecret (or postgresql.password) is required by postgresql.bundled" -}}
{{- end -}}
{{- else if not (or .Values.externalDatabase.existingSecret .Values.externalDatabase.url) -}}
{{- fail "externalDatabase.existingSecret (or externalDatabase.url) is required, or postgresql.bundled=true for a trial" -}}
{{- end -}}
{{- if and (eq .Values.model.mode "openai") (not (or .Values.model.existingSecret .Values.model.apiKey .Values.model.baseUrl)) -}}
{{- fail "model.existingSecret, model.apiKey or model.baseUrl is required by model.mode=openai" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- fail "httpRoute.parentRefs is required by httpRoute.enabled: the Gateway to attach to" -}}
{{- end -}}
{{- $public := (urlParse .Values.publicUrl).hostname -}}
{{- if and .Values.ingress.enabled (ne .Values.ingress.host $public) -}}
{{- fail (printf "ingress.host is %s, and publicUrl's host is %s: they must be the same" .Values.ingress.host $public) -}}
{{- end -}}
{{- if and (or .Values.ingress.enabled .Values.httpRoute.enabled) .Values.networkPolicy.enabled (not .Values.networkPolicy.backendFrom) -}}
{{- fail "networkPolicy.backendFrom is required by ingress.enabled and httpRoute.enabled: the controller's pods, which call the backend for /api" -}}
{{- end -}}
{{- range $component := list "frontend" "backend" -}}
{{- $role := index $.Values $component -}}
{{- if gt (int $role.autoscaling.minReplicas) (int $role.autoscaling.maxReplicas) -}}
{{- fail (printf "%s.autoscaling.minReplicas is larger than %s.autoscaling.maxReplicas" $component $component) -}}
{{- end -}}
{{- if le (int $role.terminationGracePeriodSeconds) (add $role.preStopSeconds $role.lingerSeconds 25 | int) -}}
{{- fail (printf "%s.terminationGracePeriodSeconds must be more than %s.preStopSeconds + %s.lingerSeconds + 25" $component $component $component) -}}
{{- end -}}
{{- end -}}
{{- with .Values.frontend.service -}}
{{- if and .nodePort (eq .type "ClusterIP") -}}
{{- fail "frontend.service.nodePort needs frontend.service.type NodePort or LoadBalancer" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The Secret values of this release, where they are given as values. Of $. */}}
{{- define "saydo.secretData" -}}
{{- if not .Values.auth.existingSecret }}
BETTER_AUTH_SECRET: {{ .Values.auth.secret | b64enc | quote }}
{{- end }}
{{- if and .Values.model.apiKey (not .Values.model.existingSecret) }}
OPENAI_API_KEY: {{ .Values.model.apiKey | b64enc | quote }}
{{- end }}
{{- include "saydo.databaseSecretData" . }}
{{- end -}}

{{- define "saydo.databaseSecretData" -}}
{{- if .Values.postgresql.bundled }}
{{- if not .Values.postgresql.existingSecret }}
POSTGRES_PASSWORD: {{ .Values.postgresql.password | b64enc | quote }}
{{- end }}
{{- else if not .Values.externalDatabase.existingSecret }}
DATABASE_URL: {{ .Values.externalDatabase.url | b64enc | quote }}
{{- with .Values.externalDatabase.directUrl }}
DATABASE_DIRECT_URL: {{ . | b64enc | quote }}
{{- end }}
{{- end }}
{{- end -}}
