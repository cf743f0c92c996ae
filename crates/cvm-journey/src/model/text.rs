//! Values that stand as texts in JSON.

/// Decimals, `"19.90"`; whole numbers may stand as they are.
pub(super) mod decimal {
    use cvm_core::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a decimal number is a text like \"19.90\"")]
    enum Written {
        Whole(i64),
        Text(String),
    }

    fn read<E: Error>(written: Written) -> Result<Decimal, E> {
        match written {
            Written::Whole(number) => Ok(number.into()),
            Written::Text(text) => {
                text.parse().map_err(|_| E::custom(format!("`{text}` is no decimal number: write it like `19.90`")))
            }
        }
    }

    pub(in super::super) fn serialize<S: Serializer>(decimal: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(decimal)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        read(Written::deserialize(deserializer)?)
    }

    /// Decimals that may be missing.
    pub(in super::super) mod option {
        use super::{Decimal, Deserialize, Deserializer, Serializer, Written, read};

        #[expect(clippy::ref_option, reason = "what serde asks for")]
        pub(in super::super::super) fn serialize<S: Serializer>(
            decimal: &Option<Decimal>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match decimal {
                Some(decimal) => serializer.collect_str(decimal),
                None => serializer.serialize_none(),
            }
        }

        pub(in super::super::super) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Decimal>, D::Error> {
            Option::<Written>::deserialize(deserializer)?.map(read).transpose()
        }
    }
}

/// Instants, `"2026-12-01T08:00:00Z"`, that may be missing.
pub(super) mod instant {
    use cvm_core::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "what serde asks for")]
    pub(in super::super) fn serialize<S: Serializer>(
        instant: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match instant {
            Some(instant) => serializer.collect_str(instant),
            None => serializer.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        let wrong = || D::Error::custom(format!("`{text}` is no instant: write it like `2026-12-01T08:00:00Z`"));
        Timestamp::parse_utc(&text).map(Some).ok_or_else(wrong)
    }
}
