import t from 'tap'
import { consistencyProof, isConsistent } from '../src/consistency.ts'
import { eventLeafHash } from '../src/event-leaf.ts'
import { EMPTY_ROOT, type Hash, leafHash } from '../src/hashes.ts'
import { inclusionProof, isIncluded } from '../src/inclusion.ts'
import { rootOf } from '../src/tree.ts'

// The reference tree of Certificate Transparency, which every implementation of RFC 6962 is checked against.
const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const leaves = entries.map((entry) => leafHash(Buffer.from(entry, 'hex')))

/** Roots of the trees of one to eight leaves. */
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'
].map(fromHex)

/** Nodes of that tree, named by the leaves below them. */
const node = {
  leaf0: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  leaf1: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  leaf4: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  from0to1: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  from0to3: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  from2to3: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  from4to5: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  from4to7: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  from6to7: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0'
}

t.test('the roots', async (t) => {
  t.equal(EMPTY_ROOT.toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  t.same(rootOf([]), EMPTY_ROOT)
  for (const [index, root] of roots.entries()) t.same(rootOf(leaves.slice(0, index + 1)), root, `${index + 1} leaves`)
})

t.test('proofs of inclusion', async (t) => {
  const cases: [index: number, size: number, proof: string[]][] = [
    [0, 1, []],
    [0, 8, [node.leaf1, node.from2to3, node.from4to7]],
    [5, 8, [node.leaf4, node.from6to7, node.from0to3]],
    [2, 3, [node.from0to1]],
    [1, 5, [node.leaf0, node.from2to3, node.leaf4]]
  ]
  for (const [index, size, hashes] of cases) {
    const proof = hashes.map(fromHex)
    t.same(inclusionProof(index, leaves.slice(0, size)), proof, `${index} of ${size}`)
    t.ok(isIncluded({ index, size, leaf: at(leaves, index), root: at(roots, size - 1) }, proof))
  }
})

t.test('proofs of consistency', async (t) => {
  const cases: [firstSize: number, secondSize: number, proof: string[]][] = [
    [1, 1, []],
    [1, 8, [node.leaf1, node.from2to3, node.from4to7]],
    [6, 8, [node.from4to5, node.from6to7, node.from0to3]],
    [2, 5, [node.from2to3, node.leaf4]]
  ]
  for (const [firstSize, secondSize, hashes] of cases) {
    const proof = hashes.map(fromHex)
    const claim = { firstSize, secondSize, firstRoot: at(roots, firstSize - 1), secondRoot: at(roots, secondSize - 1) }
    t.same(consistencyProof(firstSize, leaves.slice(0, secondSize)), proof, `${firstSize} of ${secondSize}`)
    t.ok(isConsistent(claim, proof))
  }
})

t.test("an event's leaf is the hash of its canonical JSON: the example of RFC 8785, section 3.2", async (t) => {
  const example = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`)
  const canonical = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`
  t.same(eventLeafHash(example), leafHash(Buffer.from(canonical)))
})

function fromHex(text: string): Hash {
  return Buffer.from(text, 'hex')
}

function at(hashes: readonly Hash[], index: number): Hash {
  return hashes[index] ?? EMPTY_ROOT
}
