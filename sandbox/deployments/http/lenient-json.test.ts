import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseLenientJson } from './lenient-json.ts'

test.each([
  ['a bare name, as the Azure CLI sends it', '{"mode": "Incremental", template:{"a": 1}}', 'template'],
  ['comments', '{ // one\n "a": 1, /* two\n lines */ "b": "http://x/*y*/" }', 'b'],
  ['a comma too many', '{"a": [1, 2, ], }', 'a'],
  ['text over several lines', '{"a": "one\n\ttwo"}', 'a'],
  ['single quotes', `{'a': 'it says "no"'}`, 'a'],
])('%s', (_, text, key) => {
  expect(parseLenientJson(text)).toHaveProperty(key)
})

test('what is inside a text stays as it is', () => {
  const text = `{"a": "[concat('x:', \\"y\\", '//z')]", template: true, "b": "line\nbreak, ]"}`
  expect(parseLenientJson(text)).toEqual({
    a: `[concat('x:', "y", '//z')]`,
    template: true,
    b: 'line\nbreak, ]',
  })
})

test.each(['', '{', '{"a" 1}', '{"a": }', 'nonsense'])('%j is refused', (text) => {
  expect(() => parseLenientJson(text)).toThrow(SyntaxError)
})

test('every JSON value comes back, also behind a bare name', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseLenientJson(text)).toEqual(JSON.parse(text))
      expect(parseLenientJson(`{bare:${text},}`)).toEqual({ bare: JSON.parse(text) })
    }),
  )
})
