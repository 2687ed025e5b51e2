{{- define "saydo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Pods of a StatefulSet carry its name and a hash as one label, so that "-postgresql" must end within 52. */}}
{{- define "saydo.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 41 | trimSuffix "-" -}}
{{- else if contains (include "saydo.name" .) .Release.Name -}}
{{- .Release.Name | trunc 41 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "saydo.name" .) | trunc 41 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Of (dict "top" $ "component" "backend"). Never changes: no version, no value but the names. */}}
{{- define "saydo.selector" -}}
app.kubernetes.io/name: {{ include "saydo.name" .top }}
app.kubernetes.io/instance: {{ .top.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "saydo.labels" -}}
{{ include "saydo.selector" . }}
app.kubernetes.io/version: {{ .top.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .top.Release.Service }}
app.kubernetes.io/part-of: saydo
helm.sh/chart: {{ printf "%s-%s" .top.Chart.Name .top.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/* Of (dict "top" $ "image" .Values.backend.image). */}}
{{- define "saydo.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .top.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "saydo.backend.url" -}}
http://{{ include "saydo.fullname" . }}-backend:{{ .Values.backend.service.port }}
{{- end -}}

{{- define "saydo.frontend.url" -}}
http://{{ include "saydo.fullname" . }}-frontend:{{ .Values.frontend.service.port }}
{{- end -}}
