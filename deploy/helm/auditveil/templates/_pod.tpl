{{/* The pod, the same in every mode but for where events and data are. */}}
{{- define "auditveil.pod" -}}
metadata:
  labels:
    {{- include "auditveil.selector" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "auditveil.fullname" . | quote }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  priorityClassName: {{ .Values.priorityClassName | default (ternary "system-node-critical" "system-cluster-critical" (eq .Values.mode "file")) }}
  # Longer than the 10 s in which work in flight is brought to its end.
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  {{- with .Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . | quote }}
    {{- end }}
  {{- end }}
  {{- with include "auditveil.place" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  securityContext:
    {{- if include "auditveil.isRoot" . }}
    runAsUser: 0
    runAsGroup: {{ int .Values.file.runAsGroup }}
    {{- else if eq .Values.mode "file" }}
    runAsNonRoot: true
    runAsUser: {{ int .Values.file.runAsUser }}
    runAsGroup: {{ int .Values.file.runAsGroup }}
    fsGroup: {{ int .Values.file.runAsGroup }}
    {{- else }}
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    fsGroupChangePolicy: OnRootMismatch
    {{- end }}
    seccompProfile: { type: RuntimeDefault }
  containers:
    - name: agent
      image: {{ include "auditveil.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args: [run, --config, /etc/auditveil/config/config.yaml, --output, none]
      {{- with .Values.secretEnv }}
      env:
        {{- range . }}
        - name: {{ .name | quote }}
          valueFrom:
            secretKeyRef: { name: {{ .secret | quote }}, key: {{ .key | quote }} }
        {{- end }}
      {{- end }}
      ports:
        {{- if eq .Values.mode "webhook" }}
        - { name: audit, containerPort: 8443 }
        {{- end }}
        - { name: metrics, containerPort: 9464 }
        {{- if .Values.page.enabled }}
        - { name: page, containerPort: 8090 }
        {{- end }}
      startupProbe:
        httpGet: { path: /livez, port: metrics }
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: { path: /livez, port: metrics }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: /readyz, port: metrics }
        periodSeconds: 5
        timeoutSeconds: 3
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      volumeMounts:
        {{- include "auditveil.mounts" . | nindent 8 }}
  volumes:
    {{- include "auditveil.volumes" . | nindent 4 }}
{{- end -}}

{{- define "auditveil.place" -}}
{{- if eq .Values.mode "file" -}}
nodeSelector:
  {{- toYaml .Values.file.nodeSelector | nindent 2 }}
tolerations:
  {{- toYaml .Values.file.tolerations | nindent 2 }}
{{- else -}}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- if .Values.affinity }}
affinity:
  {{- toYaml .Values.affinity | nindent 2 }}
{{- else if and (ne .Values.mode "file") (gt (int .Values.replicas) 1) }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "auditveil.selector" . | nindent 14 }}
{{- end }}
{{- end -}}

{{- define "auditveil.mounts" -}}
- { name: config, mountPath: /etc/auditveil/config, readOnly: true }
- { name: keys, mountPath: /etc/auditveil/keys, readOnly: true }
{{- if eq .Values.mode "webhook" }}
- { name: tls, mountPath: /etc/auditveil/tls, readOnly: true }
{{- end }}
{{- if .Values.page.enabled }}
- { name: page, mountPath: /etc/auditveil/page, readOnly: true }
{{- end }}
{{- range $at, $name := .Values.secretFiles }}
- { name: secret-{{ $at }}, mountPath: /etc/auditveil/secrets/{{ $name }}, readOnly: true }
{{- end }}
{{- range $at, $name := .Values.configMaps }}
- { name: extra-{{ $at }}, mountPath: /etc/auditveil/extra/{{ $name }}, readOnly: true }
{{- end }}
{{- if eq .Values.mode "file" }}
- { name: log, mountPath: {{ dir .Values.file.path | quote }}, readOnly: true }
{{- end }}
- { name: data, mountPath: /var/lib/auditveil }
{{- end -}}

{{- define "auditveil.volumes" -}}
{{- $mode := ternary "0400" "0440" (eq (include "auditveil.isRoot" .) "true") -}}
- name: config
  configMap: { name: {{ include "auditveil.fullname" . | quote }} }
- name: keys
  secret: { secretName: {{ .Values.keySecret | quote }}, defaultMode: {{ $mode }} }
{{- if eq .Values.mode "webhook" }}
- name: tls
  secret: { secretName: {{ .Values.webhook.tlsSecret | quote }}, defaultMode: {{ $mode }} }
{{- end }}
{{- if .Values.page.enabled }}
- name: page
  secret: { secretName: {{ .Values.page.tlsSecret | quote }}, defaultMode: {{ $mode }} }
{{- end }}
{{- range $at, $name := .Values.secretFiles }}
- name: secret-{{ $at }}
  secret: { secretName: {{ $name | quote }}, defaultMode: {{ $mode }} }
{{- end }}
{{- range $at, $name := .Values.configMaps }}
- name: extra-{{ $at }}
  configMap: { name: {{ $name | quote }} }
{{- end }}
{{- if eq .Values.mode "file" }}
- name: log
  hostPath: { path: {{ dir .Values.file.path | quote }}, type: Directory }
- name: data
  hostPath: { path: {{ .Values.file.dataDirectory | quote }}, type: {{ ternary "DirectoryOrCreate" "Directory" (eq (include "auditveil.isRoot" .) "true") }} }
{{- end }}
{{- end -}}
