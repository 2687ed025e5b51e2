{{/* The restricted Pod Security profile. Of (dict "user" 65532). */}}
{{- define "saydo.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "saydo.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Of (dict "top" $ "name" SECRET "key" KEY "optional" true). */}}
{{- define "saydo.env.secret" -}}
- name: {{ .key }}
  valueFrom:
    secretKeyRef:
      name: {{ .name }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end -}}

{{/* The way to the database. Of (dict "top" $ "secret" NAME): the Secret that carries the chart's own values. */}}
{{- define "saydo.env.database" -}}
{{- $values := .top.Values -}}
{{- if $values.postgresql.bundled -}}
{{ include "saydo.env.secret" (dict "name" (default .secret $values.postgresql.existingSecret) "key" "POSTGRES_PASSWORD") }}
- name: DATABASE_URL
  value: postgres://saydo:$(POSTGRES_PASSWORD)@{{ include "saydo.fullname" .top }}-postgresql:5432/saydo
- name: DATABASE_DIRECT_URL
  value: $(DATABASE_URL)
{{- else -}}
{{- $name := default .secret $values.externalDatabase.existingSecret -}}
{{ include "saydo.env.secret" (dict "name" $name "key" "DATABASE_URL") }}
{{ include "saydo.env.secret" (dict "name" $name "key" "DATABASE_DIRECT_URL" "optional" true) }}
{{- end -}}
{{- end -}}

{{/* Probes of a role: starting may take a minute; living needs nobody else; readiness asks the database. */}}
{{- define "saydo.probes" -}}
startupProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: 2
{{- end -}}

{{/* What a Deployment's pods have in common. Of (dict "top" $ "component" "backend"). */}}
{{- define "saydo.placement" -}}
{{- $role := index .top.Values .component -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "saydo.selector" . | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
{{- with $role.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $role.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $role.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $role.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
