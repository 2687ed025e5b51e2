{{- define "saydo.egress.dns" -}}
- ports:
    {{- range .ports }}
    - {port: {{ . }}, protocol: UDP}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "saydo.egress.database" -}}
{{- if .Values.postgresql.bundled -}}
- to:
    - podSelector:
        matchLabels:
          {{- include "saydo.selector" (dict "top" $ "component" "postgresql") | nindent 10 }}
  ports:
    - {port: postgresql, protocol: TCP}
{{- else -}}
- ports:
    {{- range .Values.networkPolicy.database.ports }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with .Values.networkPolicy.database.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end -}}

{{/* The port of a URL: its own, else its scheme's. */}}
{{- define "saydo.port" -}}
{{- $url := urlParse . -}}
{{- regexFind ":[0-9]+$" $url.host | trimPrefix ":" | default (ternary "443" "80" (eq $url.scheme "https")) -}}
{{- end -}}

{{/* To the model and to an outside Better Auth, where there are any. */}}
{{- define "saydo.egress.model" -}}
{{- $model := .Values.networkPolicy.model -}}
{{- $urls := list .Values.auth.jwksUrl -}}
{{- if ne .Values.model.mode "offline" -}}
{{- $urls = list .Values.model.baseUrl .Values.auth.jwksUrl -}}
{{- end -}}
{{- $ports := list -}}
{{- range $model.ports -}}
{{- $ports = append $ports (int .) -}}
{{- end -}}
{{- range compact $urls -}}
{{- $ports = append $ports (include "saydo.port" . | int) -}}
{{- end -}}
- ports:
    {{- range uniq $ports }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with $model.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
