import Provider from 'oidc-provider'

// Run by identity-provider.ts: whoever signs in is who they say they are; `department` is a claim beside the subject.
const [issuer = '', port = '', redirectUrl = '', clientId = '', clientSecret = ''] = process.argv.slice(2)
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUrl],
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
  ],
  pkce: { required: () => true },
  scopes: ['openid', 'profile'],
  claims: { openid: ['sub'], profile: ['preferred_username'] },
  findAccount: async (_context: unknown, id: string) => ({
    accountId: id,
    claims: async () => ({ sub: id, preferred_username: `${id}@city.example` }),
  }),
  cookies: { keys: ['only for tests'] },
} as never)
const server = provider.listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
process.once('SIGTERM', () => {
  server.closeAllConnections()
  server.close(() => process.exit(0))
})
