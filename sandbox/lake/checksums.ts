/** Checksums of what a request carries. */
import { createHash } from 'node:crypto'
import { StorageError } from './errors.ts'

/** The polynomial of CRC-64/NVME, reflected: what Azure Storage calls CRC64. */
const polynomial = 0x9a6c9329ac4bc9b5n

const table = Array.from({ length: 256 }, (_, index) => {
  let value = BigInt(index)
  for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n
  return value
})
const tableHigh = Uint32Array.from(table, (value) => Number(value >> 32n))
const tableLow = Uint32Array.from(table, (value) => Number(value & 0xffffffffn))

/** The CRC64 of some bytes, as the eight bytes that the header has in base64: the lowest first. */
export const crc64 = (data: Uint8Array): Buffer => {
  let high = 0xffffffff
  let low = 0xffffffff
  for (const byte of data) {
    const index = (low ^ byte) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ (tableLow[index] ?? 0)
    high = (high >>> 8) ^ (tableHigh[index] ?? 0)
  }
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(~low >>> 0, 0)
  bytes.writeUInt32LE(~high >>> 0, 4)
  return bytes
}

const decoded = (text: string, length: number): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === length && bytes.toString('base64') === text ? bytes : undefined
}

/**
 * Compares what arrived with the checksum that the client sent along.
 * https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/update
 * @throws StorageError 400 `Md5Mismatch`, `Crc64Mismatch`, or what is wrong with the header itself
 */
export const checkChecksums = (headers: Headers, data: Uint8Array): void => {
  const md5 = headers.get('content-md5')
  const crc = headers.get('x-ms-content-crc64')
  if (md5 !== null && crc !== null) throw new StorageError('InvalidInput')
  if (md5 !== null) {
    const sent = decoded(md5, 16)
    if (sent === undefined) throw new StorageError('InvalidMd5')
    if (!createHash('md5').update(data).digest().equals(sent)) throw new StorageError('Md5Mismatch')
  }
  if (crc !== null) {
    const sent = decoded(crc, 8)
    if (sent === undefined) throw new StorageError('InvalidHeaderValue')
    if (!crc64(data).equals(sent)) throw new StorageError('Crc64Mismatch')
  }
}
