// Decides cases with @cloud-copilot/iam-simulate: node simulate.mjs CASES.json. Prints {"milliseconds", "decisions"}.
// What SCPs and RCPs let through is asked of a principal whom everything else allows.
import { readFileSync } from 'node:fs'
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
const levels = (list, implied) =>
  (list ?? []).map((level) => ({ orgIdentifier: level.id, policies: [...implied, ...level.policies] }))
// AWS attaches it to every level.
const rcpFullAccess = { name: 'RCPFullAWSAccess', policy: { ...everything, Statement: [{ ...everything.Statement[0], Principal: '*' }] } }

function decide({ levels: scps, rcpLevels, request }) {
  const result = runUnsafeSimulation(
    {
      request: {
        principal: request.principal,
        action: request.action,
        resource: { resource: request.resource, accountId: request.resourceAccount },
        contextVariables: request.context,
      },
      identityPolicies: [{ name: 'everything', policy: everything }],
      serviceControlPolicies: levels(scps, []),
      resourceControlPolicies: levels(rcpLevels, [rcpFullAccess]),
    },
    {},
  )
  return result === 'Allowed' ? 'Allow' : 'Deny'
}

const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const start = performance.now()
const decisions = Object.fromEntries(
  cases.map((one) => {
    try {
      return [one.id, decide(one)]
    } catch (error) {
      return [one.id, `error: ${error.message}`]
    }
  }),
)
console.log(JSON.stringify({ milliseconds: performance.now() - start, decisions }))
