import { z } from 'zod'

/** A secret or a certificate of an application or of its service principal. */
export interface Secret {
  readonly keyId: string
  readonly kind: 'password' | 'certificate'
}

const keys = z.array(z.object({ keyId: z.string() })).nullish()

/** As Graph shows them. https://learn.microsoft.com/graph/api/resources/application */
export const secretsShape = { passwordCredentials: keys, keyCredentials: keys }

/** For `$select`. */
export const secretsSelect = Object.keys(secretsShape).join(',')

const secretsSchema = z.object(secretsShape)

/** All of one. */
export const secretsOf = ({
  passwordCredentials,
  keyCredentials,
}: z.infer<typeof secretsSchema>): readonly Secret[] => [
  ...(passwordCredentials ?? []).map(({ keyId }) => ({ keyId, kind: 'password' as const })),
  ...(keyCredentials ?? []).map(({ keyId }) => ({ keyId, kind: 'certificate' as const })),
]
