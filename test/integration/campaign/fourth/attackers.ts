import { asks } from '../ask.ts';

/** Those who attack in the fourth campaign, each with what they use most. */
export const basket = asks('basket', 'curl/7.88.1');
export const basketKubectl = asks('basket', 'kubectl/v1.30.2 (linux/amd64) kubernetes/3968350');
export const airflow = asks('airflow', 'OpenAPI-Generator/29.0.0/python');
export const airflowScript = asks('airflow', 'python-requests/2.31.0');
export const nadia = asks('nadia', 'kubectl/v1.33.1 (darwin/arm64) kubernetes/8adc0f0');
export const nadiaK9s = asks('nadia', 'k9s/v0.0.0 (darwin/arm64) kubernetes/$Format');
export const pavel = asks('pavel', 'kubectl/v1.32.3 (windows/amd64) kubernetes/32cc146');
export const runner = asks('runner', 'kubectl/v1.28.4 (linux/amd64) kubernetes/bae2c62');
export const runnerGo = asks('runner', 'Go-http-client/1.1');
export const kube7 = asks('kube7', 'kubelet/v1.36.0 (linux/amd64) kubernetes/0a1b2c3');
export const kube7Kubectl = asks('kube7', 'kubectl/v1.36.0 (linux/amd64) kubernetes/0a1b2c3');
export const passerby = asks('passerby', 'Mozilla/5.0 zgrab/0.x');
export const adminConf = asks('adminConf', 'kubectl/v1.34.0 (linux/amd64) kubernetes/f28b4c9');
