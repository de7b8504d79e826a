/** A repository of models on the hub, at a branch, a tag or a commit. */
export interface HubName {
  /** `organization/name`. */
  readonly repo: string
  readonly revision: string
}

const DEFAULT_REVISION = 'main'
const NAME = /^(?:hf:\/\/)?([\w.-]{1,96})\/([\w.-]{1,96})(?:@([\w./-]+))?$/

/** Reads `org/name`, `org/name@revision` or `hf://org/name@revision`; undefined for any other text, such as a path. */
export function parseHubName(text: string): HubName | undefined {
  const [, organization, name, revision = DEFAULT_REVISION] = NAME.exec(text) ?? []
  if (organization === undefined || name === undefined) return undefined
  if (![organization, name].every(isNamePart) || name.endsWith('.git')) return undefined
  if (!isRelativePath(revision)) return undefined
  return { repo: `${organization}/${name}`, revision }
}

const isNamePart = (part: string) => !/^[.-]|[.-]$|--|\.\./.test(part)

/** Whether a revision is a whole commit hash, which always names the same files. */
export const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision)

/** Whether a path, such as one that a server sent, stays inside its folder. */
export const isRelativePath = (path: string): boolean =>
  path !== '' && !/[\\:\0]/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
