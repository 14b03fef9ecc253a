package io.microservicekit.messaging.rabbitmq.internal.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates, and perhaps a private key, in the text form of RFC 7468. */
final class PemFile {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final char[] NO_PASSWORD = new char[0];
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PemFile() {}

    static LoadedStore load(Path file) throws GeneralSecurityException, IOException {
        List<Certificate> certificates = new ArrayList<>();
        List<PrivateKey> keys = new ArrayList<>();
        // Comments between the blocks may be in any character set.
        Matcher blocks = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (blocks.find()) {
            byte[] content = Base64.getMimeDecoder().decode(blocks.group(2));
            switch (blocks.group(1)) {
                case "CERTIFICATE" -> certificates.add(certificate(content));
                case "PRIVATE KEY" -> keys.add(key(content, file));
                default ->
                    throw new GeneralSecurityException("the PEM " + file + " has a block '" + blocks.group(1)
                            + "', which is not read: keys must be PKCS #8 and not encrypted");
            }
        }
        return new LoadedStore(store(certificates, keys), NO_PASSWORD);
    }

    private static KeyStore store(List<Certificate> certificates, List<PrivateKey> keys)
            throws GeneralSecurityException, IOException {
        KeyStore store = TlsContext.empty();
        if (keys.isEmpty()) {
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority-" + i, certificates.get(i));
            }
        } else if (!certificates.isEmpty()) {
            store.setKeyEntry("identity", keys.get(0), NO_PASSWORD, certificates.toArray(new Certificate[0]));
        }
        return store;
    }

    private static Certificate certificate(byte[] content) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
    }

    /** The file does not say of what kind a key is without being taken apart. */
    private static PrivateKey key(byte[] content, Path file) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
            } catch (InvalidKeySpecException e) {
                // It is of another kind.
            }
        }
        throw new GeneralSecurityException("the private key in the PEM " + file + " is neither RSA nor EC nor EdDSA");
    }
}
