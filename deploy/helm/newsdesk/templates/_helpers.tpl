{{- define "newsdesk.name" -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "newsdesk.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "newsdesk.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "newsdesk.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "newsdesk.archive" -}}
{{- $address := .Values.database.address -}}
{{- if .Values.database.enabled -}}
{{- $address = printf "postgresql+psycopg://newsdesk@%s-database/newsdesk" (include "newsdesk.name" .) -}}
{{- end -}}
{{ required "name the database in database.address, or set database.enabled" $address }}
{{- end }}

{{- define "newsdesk.chroma" -}}
{{- $address := .Values.chroma.address -}}
{{- if .Values.chroma.enabled -}}
{{- $address = printf "http://%s-chroma:8000" (include "newsdesk.name" .) -}}
{{- end -}}
{{ required "name the Chroma server in chroma.address, or set chroma.enabled" $address }}
{{- end }}

{{- define "newsdesk.environment" -}}
- name: NEWSDESK_ARCHIVE
  value: {{ include "newsdesk.archive" . | quote }}
- name: NEWSDESK_CHROMA
  value: {{ include "newsdesk.chroma" . | quote }}
- name: NEWSDESK_USERS
  value: archive
- name: PGPASSFILE
  value: /tmp/pgpass
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{- define "newsdesk.environmentFrom" -}}
{{- with .Values.settingsSecret }}
envFrom:
  - secretRef:
      name: {{ . }}
{{- end }}
{{- end }}

{{- define "newsdesk.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "newsdesk.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- /* libpq wants a password file that its owner alone may read, and a mounted secret is the group's, too. */}}
{{- define "newsdesk.passwordFile" -}}
- name: password-file
  image: {{ include "newsdesk.image" . }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  command: [install, "--mode=600", /run/secrets/database/pgpass, /tmp/pgpass]
  securityContext:
    {{- include "newsdesk.containerSecurity" . | nindent 4 }}
  resources:
    requests: {cpu: 10m, memory: 16Mi}
    limits: {memory: 64Mi}
  volumeMounts:
    - {name: tmp, mountPath: /tmp}
    - {name: database-secret, mountPath: /run/secrets/database, readOnly: true}
{{- end }}

{{- define "newsdesk.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: 1Gi}
- name: database-secret
  secret:
    secretName: {{ .Values.databaseSecret }}
    items:
      - {key: pgpass, path: pgpass}
{{- end }}

{{- define "newsdesk.claim" -}}
metadata:
  name: {{ .name }}
spec:
  accessModes: [ReadWriteOnce]
  {{- with .root.Values.storageClassName }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .storage }}
{{- end }}
