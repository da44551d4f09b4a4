/* Frames of HGP/1: COBS( head | payload 0..48 | CRC-16 little-endian ) 0x00. No state but the caller's, no memory but
 * the caller's. */
#ifndef HGP_FRAME_H
#define HGP_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#define HGP_VERSION 1
#define HGP_MAX_PAYLOAD 48
#define HGP_MAX_BODY 53
#define HGP_MAX_CODED (HGP_MAX_BODY + 1)
#define HGP_MAX_WIRE (HGP_MAX_CODED + 1)
#define HGP_FLAG_ACK 1
#define HGP_FLAG_RETRY 2

typedef struct {
    uint8_t flags;
    uint8_t kind;
    uint8_t sequence;
    uint8_t size;
    const uint8_t *payload;
} hgp_frame;

/* Gathers bytes up to a zero; more than a frame can have are thrown away and remembered as too many. */
typedef struct {
    uint8_t bytes[HGP_MAX_CODED];
    uint8_t count;
    bool overlong;
} hgp_gatherer;

uint16_t hgp_crc16(const uint8_t *bytes, uint8_t count);

/* Write a whole frame with its closing zero; the number of bytes, at most HGP_MAX_WIRE. */
uint8_t hgp_encode(uint8_t kind, uint8_t sequence, const uint8_t *payload, uint8_t size, uint8_t *wire);

typedef enum { HGP_NOTHING, HGP_GOOD, HGP_BAD } hgp_read;

/* Take one byte. HGP_GOOD: `frame` points into the gatherer until the next call. HGP_BAD: a piece that is no frame. */
hgp_read hgp_gather(hgp_gatherer *gatherer, uint8_t byte, hgp_frame *frame);

#endif
