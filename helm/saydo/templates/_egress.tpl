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
