package io.microservicekit.messaging.it.accounting;

import io.microservicekit.messaging.it.accounting.SpoiledBodyException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * A message body that says who it is: {@code run|producer|key|seq|topic|len|crc32}, a line feed, padding.
 * {@code len} is the length of the whole body, the checksum covers everything but itself.
 *
 * @param run the test run; a body of another run is foreign
 * @param id the message
 */
public record Body(String run, MessageId id) {
    private static final int FIELDS = 7;
    private static final int CRC_DIGITS = 8;

    public Body {
        for (String part : new String[] {run, id.producer(), id.key(), id.topic()}) {
            if (part.indexOf('|') >= 0 || part.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("a body's part contains '|' or a line feed: " + part);
            }
        }
    }

    /**
     * Writes this body.
     *
     * @param size the wished length in bytes; a body that needs more for its head becomes as long as its head
     * @return a new array, the caller's
     */
    public byte[] encode(int size) {
        int headLength = head(0).length + 1 + CRC_DIGITS + 1;
        byte[] body = new byte[Math.max(size, headLength)];
        byte[] head = head(body.length);
        System.arraycopy(head, 0, body, 0, head.length);
        body[head.length] = '|';
        body[headLength - 1] = '\n';
        for (int i = headLength; i < body.length; i++) {
            body[i] = (byte) (i * 31L + id.seq());
        }
        byte[] crc = crc(body, head.length, headLength);
        System.arraycopy(crc, 0, body, head.length + 1, CRC_DIGITS);
        return body;
    }

    /**
     * Reads a received body and fails on whatever this run did not send to this topic.
     *
     * @param body the received bytes, not kept
     * @param run the run that is being accounted
     * @param topic the topic they were received from
     * @return the body
     * @throws SpoiledBodyException with the reason
     */
    public static Body decode(byte[] body, String run, String topic) throws SpoiledBodyException {
        Objects.requireNonNull(topic, "topic");
        byte[] start = (run + "|").getBytes(StandardCharsets.UTF_8);
        if (body.length < start.length || !Arrays.equals(start, Arrays.copyOf(body, start.length))) {
            throw new SpoiledBodyException(Reason.FOREIGN, body.length + " bytes that do not begin with run " + run);
        }
        int end = indexOfLineFeed(body);
        String[] parts = new String(body, 0, end, StandardCharsets.UTF_8).split("\\|", -1);
        if (end == body.length || parts.length != FIELDS) {
            throw new SpoiledBodyException(Reason.TORN, "no whole head in " + body.length + " bytes");
        }
        checkLength(body, parts[5]);
        checkCrc(body, end);
        return atHome(new Body(run, new MessageId(parts[4], parts[1], parts[2], Long.parseLong(parts[3]))), topic);
    }

    private static Body atHome(Body body, String topic) throws SpoiledBodyException {
        if (!body.id.topic().equals(topic)) {
            throw new SpoiledBodyException(Reason.WRONG_TOPIC, body.id + " received from " + topic);
        }
        return body;
    }

    private static void checkLength(byte[] body, String written) throws SpoiledBodyException {
        if (!written.equals(length(body.length))) {
            throw new SpoiledBodyException(Reason.TORN, body.length + " bytes where the head says " + written);
        }
    }

    private static void checkCrc(byte[] body, int end) throws SpoiledBodyException {
        byte[] wanted = crc(body, end - CRC_DIGITS - 1, end + 1);
        if (!Arrays.equals(wanted, Arrays.copyOfRange(body, end - CRC_DIGITS, end))) {
            throw new SpoiledBodyException(Reason.WRONG_CRC, body.length + " bytes");
        }
    }

    private byte[] head(int size) {
        String head = String.join("|", run, id.producer(), id.key(), Long.toString(id.seq()), id.topic(), length(size));
        return head.getBytes(StandardCharsets.UTF_8);
    }

    private static String length(int size) {
        String digits = Integer.toString(size);
        return "0".repeat(10 - digits.length()) + digits;
    }

    private static byte[] crc(byte[] body, int headLength, int paddingStart) {
        CRC32 crc = new CRC32();
        crc.update(body, 0, Math.max(0, headLength));
        crc.update(body, paddingStart, body.length - paddingStart);
        String hex = Long.toHexString(crc.getValue());
        return ("0".repeat(CRC_DIGITS - hex.length()) + hex).getBytes(StandardCharsets.US_ASCII);
    }

    private static int indexOfLineFeed(byte[] body) {
        int i = 0;
        while (i < body.length && body[i] != '\n') {
            i++;
        }
        return i;
    }
}
