import { UserError } from '../../diagnostics/user-error.ts'
import type { ProjectDemand } from '../../network/capacity/forecast.ts'
import { type Proposal, propose as proposal } from '../../network/capacity/proposal.ts'
import { environments, type ProjectType, type SubnetProfile, subnetProfiles } from '../../vocabulary.ts'
import type { Operation } from '../operation.ts'
import { typicalProject } from '../project.ts'
import type { ProposalOptions } from './options.ts'
import { reportProposal } from './proposal-report.ts'
import { typicalDemand } from './typical-demand.ts'
import { unnamedFactory } from './unnamed-factory.ts'

/** Proposes address spaces for a factory with so many projects. Calls nothing. */
export const propose: Operation<ProposalOptions> = async (options, { action }) => {
  const proposals = subnetProfiles.map((profile) => proposalFor(profile, options))
  if (proposals.every(({ networks }) => networks === undefined)) throw shortageError(proposals)
  return reportProposal(options, proposals, action)
}

const proposalFor = (profile: SubnetProfile, { projects, reserved }: ProposalOptions): Proposal =>
  proposal({
    profile,
    projects,
    reserved,
    demands: {
      esml: largestDemand('esml', profile),
      'genai-1': largestDemand('genai-1', profile),
      all: largestDemand('all', profile),
    },
  })

/** What a project takes in the environment where it takes most: people hold more roles in dev. */
function largestDemand(type: ProjectType, profile: SubnetProfile): ProjectDemand {
  const [largest] = environments
    .map((environment) => typicalDemand(typicalProject(unnamedFactory, type, environment), profile))
    .sort((a, b) => b.takes.roleAssignments - a.takes.roleAssignments)
  if (largest === undefined) throw new Error('There are environments.')
  return largest
}

function shortageError(proposals: readonly Proposal[]): UserError {
  const least = Math.min(...proposals.map(({ instances }) => instances * environments.length))
  return new UserError({
    what: `${least} VNets of this size do not fit the private address ranges of IPv4 beside what is reserved.`,
    why: "Address spaces come from 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16, outside the input 'reserved' and the ranges that Docker, Kubernetes and Azure's own services use.",
    fix: "Reserve less in the input 'reserved', or plan for fewer projects.",
    more: 'https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq',
  })
}
