import type { Reader } from './reader.ts'
import type { Node } from './syntax-tree.ts'

/**
 * Refuses recursive calls, and trees of too many nodes: calls are compiled as copies of their groups, which has an end only without
 * recursion.
 *
 * @throws HeddleError `config`
 */
export function refuseRecursion(tree: Node, reader: Reader, mostNodes: number): void {
  const open = new Set<Node>()
  let visited = 0
  const visit = (node: Node): void => {
    if (++visited > mostNodes) reader.refuse(`more than ${mostNodes} operations`)
    switch (node.kind) {
      case 'sequence':
      case 'choice':
        for (const inner of node.nodes) visit(inner)
        break
      case 'repeat':
      case 'atomic':
      case 'look':
        visit(node.node)
        break
      case 'group':
        if (open.has(node)) reader.refuse('a recursive call')
        open.add(node)
        visit(node.node)
        open.delete(node)
        break
      case 'condition':
        visit(node.matched)
        visit(node.otherwise)
        break
      case 'call':
        visit(node.group())
    }
  }
  visit(tree)
}
