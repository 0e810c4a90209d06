{{- define "auditveil.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "auditveil.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "auditveil.labels" -}}
{{ include "auditveil.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "auditveil.image" -}}
{{- with .Values.image -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ with .digest }}@{{ . }}{{ end }}
{{- end -}}
{{- end -}}

{{/* Only root of a node may read what is for root only; everybody else reads a Secret through the group of the pod. */}}
{{- define "auditveil.isRoot" -}}
{{- if and (eq .Values.mode "file") (eq (int .Values.file.runAsUser) 0) }}true{{ end -}}
{{- end -}}

{{/* The configuration of the program: what the values say, and what only the chart knows. */}}
{{- define "auditveil.config" -}}
{{- if and (eq .Values.mode "worker") (not .Values.config.transport) -}}
{{- fail "mode: worker needs config.transport: which Kafka lies between agents and workers (docs/kafka.md)" -}}
{{- end -}}
{{- $config := deepCopy .Values.config -}}
{{- $_ := set $config "version" 1 -}}
{{- if eq .Values.mode "worker" -}}
{{- $_ := set $config "role" "worker" -}}
{{- $_ := set $config "sources" list -}}
{{- else -}}
{{- $_ := set $config "sources" (include "auditveil.sources" . | fromYamlArray) -}}
{{- if $config.transport -}}
{{- $_ := set $config "role" "agent" -}}
{{- end -}}
{{- end -}}
{{- $keys := dict "keyFile" "/etc/auditveil/keys/keys.json" -}}
{{- if not (include "auditveil.isRoot" .) -}}
{{- $_ := set $keys "keyFileGroupReadable" true -}}
{{- end -}}
{{- $_ := set $config "masking" (merge $keys ($config.masking | default dict)) -}}
{{- $_ := set $config "log" (merge (dict "directory" "/var/lib/auditveil/data") ($config.log | default dict)) -}}
{{- $_ := set $config "telemetry" (dict "listen" "0.0.0.0:9464") -}}
{{- if .Values.page.enabled -}}
{{- if not .Values.page.tokens -}}
{{- fail "page.enabled needs page.tokens: `auditveil web token --name NAME --role analyst` makes one (docs/web.md)" -}}
{{- end -}}
{{- $tls := dict "certFile" "/etc/auditveil/page/tls.crt" "keyFile" "/etc/auditveil/page/tls.key" -}}
{{- $web := dict "listen" "0.0.0.0:8090" "tls" $tls "tokens" .Values.page.tokens "hosts" .Values.page.hosts -}}
{{- $_ := set $config "web" (merge $web ($config.web | default dict)) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "auditveil.sources" -}}
{{- if eq .Values.mode "file" }}
- type: file
  name: apiserver
  path: {{ .Values.file.path | quote }}
{{- else }}
- type: webhook
  name: apiserver
  listen: "0.0.0.0:8443"
  path: {{ .Values.webhook.path | quote }}
  tls:
    certFile: /etc/auditveil/tls/server.crt
    keyFile: /etc/auditveil/tls/server.key
    clientCaFile: /etc/auditveil/tls/ca.crt
    allowedNames: {{ toJson .Values.webhook.allowedNames }}
{{- end }}
{{- end -}}
