import type { LoginRequest, SessionView } from '../api.ts';
import { wrongBody } from '../api-fault.ts';
import type { Route } from '../router.ts';
import type { Person, Session } from '../sessions.ts';
import type { WebContext } from './web-context.ts';

/** Login, who one is, and logout. */
export function sessionRoutes({ access, ports, audit }: WebContext): readonly Route[] {
  const viewOf = ({ name, role }: Person, session: Session | undefined): SessionView => ({
    ...{ name, role, cluster: ports.cluster, version: ports.version },
    ...(session && { csrf: session.csrf }),
  });
  return [
    {
      method: 'POST',
      path: '/session',
      role: 'anyone',
      handle: async ({ body, request }) => {
        const { token } = body as Partial<LoginRequest>;
        if (typeof token !== 'string' || !/^[!-~]{1,512}$/.test(token)) throw wrongBody('Send {"token": "…"}.');
        const { session, cookie } = await access.login(token, request);
        audit.read(session.name, 'POST /session');
        return { body: viewOf(session, session), headers: { 'set-cookie': cookie } };
      },
    },
    {
      method: 'GET',
      path: '/session',
      role: 'auditor',
      handle: ({ caller }) => ({ body: viewOf(caller, caller.session) }),
    },
    {
      method: 'DELETE',
      path: '/session',
      role: 'auditor',
      handle: ({ request }) => ({ body: {}, headers: { 'set-cookie': access.logout(request) } }),
    },
  ];
}
