#include "hgp_frame.h"

uint16_t hgp_crc16(const uint8_t *bytes, uint8_t count) {
    uint16_t crc = 0xFFFF;
    while (count--) {
        crc ^= (uint16_t)((uint16_t)*bytes++ << 8);
        for (uint8_t bit = 0; bit < 8; bit++) {
            crc = (uint16_t)(crc & 0x8000 ? (uint16_t)(crc << 1) ^ 0x1021 : crc << 1);
        }
    }
    return crc;
}

uint8_t hgp_encode(uint8_t kind, uint8_t sequence, const uint8_t *payload, uint8_t size, uint8_t *wire) {
    uint8_t body[HGP_MAX_BODY];
    uint8_t count = 0;
    body[count++] = HGP_VERSION << 4;
    body[count++] = kind;
    body[count++] = sequence;
    for (uint8_t i = 0; i < size; i++) {
        body[count++] = payload[i];
    }
    uint16_t crc = hgp_crc16(body, count);
    body[count++] = (uint8_t)crc;
    body[count++] = (uint8_t)(crc >> 8);

    uint8_t code_at = 0, out = 1;
    for (uint8_t i = 0; i < count; i++) {
        if (body[i]) {
            wire[out++] = body[i];
        } else {
            wire[code_at] = (uint8_t)(out - code_at);
            code_at = out++;
        }
    }
    wire[code_at] = (uint8_t)(out - code_at);
    wire[out++] = 0;
    return out;
}

/* Take the COBS code off in place; the size of the body, or 0 where the code is broken. */
static uint8_t uncode(uint8_t *bytes, uint8_t count) {
    uint8_t in = 0, out = 0;
    while (in < count) {
        uint8_t run = bytes[in++];
        if ((uint8_t)(run - 1) > (uint8_t)(count - in)) {
            return 0;
        }
        for (uint8_t i = 1; i < run; i++) {
            bytes[out++] = bytes[in++];
        }
        if (in < count) {
            bytes[out++] = 0;
        }
    }
    return out;
}

static bool take_apart(uint8_t *bytes, uint8_t count, hgp_frame *frame) {
    uint8_t size = uncode(bytes, count);
    if (size < 5 || size > HGP_MAX_BODY) {
        return false;
    }
    uint16_t crc = (uint16_t)(bytes[size - 2] | (uint16_t)bytes[size - 1] << 8);
    if (crc != hgp_crc16(bytes, (uint8_t)(size - 2))) {
        return false;
    }
    frame->flags = bytes[0] & 0x0F;
    frame->kind = bytes[1];
    frame->sequence = bytes[2];
    frame->payload = bytes + 3;
    frame->size = (uint8_t)(size - 5);
    return true;
}

hgp_read hgp_gather(hgp_gatherer *gatherer, uint8_t byte, hgp_frame *frame) {
    if (byte) {
        if (gatherer->count < HGP_MAX_CODED) {
            gatherer->bytes[gatherer->count++] = byte;
        } else {
            gatherer->overlong = true;
        }
        return HGP_NOTHING;
    }
    uint8_t count = gatherer->count;
    bool overlong = gatherer->overlong;
    gatherer->count = 0;
    gatherer->overlong = false;
    if (!count) {
        return HGP_NOTHING;
    }
    return !overlong && take_apart(gatherer->bytes, count, frame) ? HGP_GOOD : HGP_BAD;
}
