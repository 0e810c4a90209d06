import { asks } from '../ask.ts';

/** Those who attack in the third campaign, each with the client that is used most. */
export const frontend = asks('frontend', 'kubectl/v1.29.3 (linux/amd64) kubernetes/6813625');
export const svetlana = asks('svetlana', 'kubectl/v1.27.3 (windows/amd64) kubernetes/25b4e43');
export const svetlanaCurl = asks('svetlana', 'curl/8.5.0');
export const tomas = asks('tomas', 'kubectl/v1.31.0 (linux/amd64) kubernetes/9edcffc');
export const jupyter = asks('jupyter', 'python-urllib3/1.26');
export const jupyterClient = asks('jupyter', 'OpenAPI-Generator/28.1.0/python');
