SELECT [stamp], [folio], [address], [type], [given_names], [first_surname], [second_surname], [centre_name], [responsible], [curp], [cct], [employee_number], [level], [grade], [class_group], [petition_medium], [petition_number], [petition_date], [requester_id], [requester_name], [director], [subdirector], [object_id], [state], [requested_at], [authorized_at], [created_at], [updated_at], [recovered_at], [recovery_folio] FROM [receipts]

SELECT [stamp], [folio], [address], [type], [given_names], [first_surname], [second_surname], [centre_name], [responsible], [curp], [cct], [employee_number], [level], [grade], [class_group], [petition_medium], [petition_number], [petition_date], [requester_id], [requester_name], [director], [subdirector], [object_id], [state], [requested_at], [authorized_at], [created_at], [updated_at], [recovered_at], [recovery_folio] FROM [receipts] WHERE ([stamp] = @p1 OR [address] = @p2)

SELECT [stamp], [folio], [address], [type], [given_names], [first_surname], [second_surname], [centre_name], [responsible], [curp], [cct], [employee_number], [level], [grade], [class_group], [petition_medium], [petition_number], [petition_date], [requester_id], [requester_name], [director], [subdirector], [object_id], [state], [requested_at], [authorized_at], [created_at], [updated_at], [recovered_at], [recovery_folio] FROM [receipts] WHERE [address] = @p1

SELECT [stamp], [folio], [address], [type], [given_names], [first_surname], [second_surname], [centre_name], [responsible], [curp], [cct], [employee_number], [level], [grade], [class_group], [petition_medium], [petition_number], [petition_date], [requester_id], [requester_name], [director], [subdirector], [object_id], [state], [requested_at], [authorized_at], [created_at], [updated_at], [recovered_at], [recovery_folio] FROM [receipts] WHERE [type] = @p1 AND [curp] = @p2

SELECT [stamp], [folio], [address], [type], [given_names], [first_surname], [second_surname], [centre_name], [responsible], [curp], [cct], [employee_number], [level], [grade], [class_group], [petition_medium], [petition_number], [petition_date], [requester_id], [requester_name], [director], [subdirector], [object_id], [state], [requested_at], [authorized_at], [created_at], [updated_at], [recovered_at], [recovery_folio] FROM [receipts] WHERE [type] = @p1 AND [cct] = @p2

SELECT [stamp], [folio], [address], [type], [given_names], [first_surname], [second_surname], [centre_name], [responsible], [curp], [cct], [employee_number], [level], [grade], [class_group], [petition_medium], [petition_number], [petition_date], [requester_id], [requester_name], [director], [subdirector], [object_id], [state], [requested_at], [authorized_at], [created_at], [updated_at], [recovered_at], [recovery_folio] FROM [receipts] WHERE [curp] = @p1

INSERT INTO [receipts] ([stamp], [folio], [address], [type], [given_names], [first_surname], [second_surname], [centre_name], [responsible], [curp], [cct], [employee_number], [level], [grade], [class_group], [petition_medium], [petition_number], [petition_date], [requester_id], [requester_name], [director], [subdirector], [object_id], [state], [requested_at], [authorized_at], [created_at], [updated_at], [recovered_at], [recovery_folio]) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21, @p22, @p23, @p24, @p25, @p26, @p27, @p28, @p29, @p30)

UPDATE [receipts] SET [stamp] = @p1, [folio] = @p2, [address] = @p3, [type] = @p4, [given_names] = @p5, [first_surname] = @p6, [second_surname] = @p7, [centre_name] = @p8, [responsible] = @p9, [curp] = @p10, [cct] = @p11, [employee_number] = @p12, [level] = @p13, [grade] = @p14, [class_group] = @p15, [petition_medium] = @p16, [petition_number] = @p17, [petition_date] = @p18, [requester_id] = @p19, [requester_name] = @p20, [director] = @p21, [subdirector] = @p22, [object_id] = @p23, [state] = @p24, [requested_at] = @p25, [authorized_at] = @p26, [created_at] = @p27, [updated_at] = @p28 WHERE [stamp] = @p29 AND [state] <> @p30

UPDATE [receipts] SET [stamp] = @p1, [folio] = @p2, [address] = @p3, [type] = @p4, [given_names] = @p5, [first_surname] = @p6, [second_surname] = @p7, [centre_name] = @p8, [responsible] = @p9, [curp] = @p10, [cct] = @p11, [employee_number] = @p12, [level] = @p13, [grade] = @p14, [class_group] = @p15, [petition_medium] = @p16, [petition_number] = @p17, [petition_date] = @p18, [requester_id] = @p19, [requester_name] = @p20, [director] = @p21, [subdirector] = @p22, [object_id] = @p23, [state] = @p24, [requested_at] = @p25, [authorized_at] = @p26, [created_at] = @p27, [updated_at] = @p28 WHERE [address] = @p29 AND ([stamp] IS NULL OR [stamp] = '')

UPDATE [receipts] SET [recovered_at] = @p1, [recovery_folio] = @p2, [updated_at] = @p3 WHERE [address] = @p4 AND ([recovered_at] IS NULL OR [recovered_at] <= @p5)

UPDATE [receipts] SET [address] = @p1, [given_names] = @p2, [first_surname] = @p3, [second_surname] = @p4, [centre_name] = @p5, [responsible] = @p6, [curp] = @p7, [cct] = @p8, [employee_number] = @p9, [level] = @p10, [grade] = @p11, [class_group] = @p12, [petition_number] = @p13, [requester_name] = @p14, [state] = @p15, [updated_at] = @p16 WHERE [address] = @p17 AND [curp] = @p18

[address] IN (@p1, @p2, @p3)

INSERT INTO [receipts] ([stamp], [folio], [address], [type], [given_names], [first_surname], [second_surname], [centre_name], [responsible], [curp], [cct], [employee_number], [level], [grade], [class_group], [petition_medium], [petition_number], [petition_date], [requester_id], [requester_name], [director], [subdirector], [object_id], [state], [requested_at], [authorized_at], [created_at], [updated_at], [recovered_at], [recovery_folio]) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21, @p22, @p23, @p24, @p25, @p26, @p27, @p28, @p29, @p30), (@p31, @p32, @p33, @p34, @p35, @p36, @p37, @p38, @p39, @p40, @p41, @p42, @p43, @p44, @p45, @p46, @p47, @p48, @p49, @p50, @p51, @p52, @p53, @p54, @p55, @p56, @p57, @p58, @p59, @p60)

SELECT [FOLIO_ALTAS], [Correo: electrónico], [TIPO], [NOMBRE], [PATERNO], [CURP], [CCT], [OFICIO_FECHA], [ESTATUS], [CAPTURADO] FROM [dbo].[Correos O365]

SELECT [FOLIO_ALTAS], [Correo: electrónico], [TIPO], [NOMBRE], [PATERNO], [CURP], [CCT], [OFICIO_FECHA], [ESTATUS], [CAPTURADO] FROM [dbo].[Correos O365] WHERE ([FOLIO_ALTAS] = @p1 OR LOWER([Correo: electrónico]) = @p2)

SELECT [FOLIO_ALTAS], [Correo: electrónico], [TIPO], [NOMBRE], [PATERNO], [CURP], [CCT], [OFICIO_FECHA], [ESTATUS], [CAPTURADO] FROM [dbo].[Correos O365] WHERE LOWER([Correo: electrónico]) = @p1

SELECT [FOLIO_ALTAS], [Correo: electrónico], [TIPO], [NOMBRE], [PATERNO], [CURP], [CCT], [OFICIO_FECHA], [ESTATUS], [CAPTURADO] FROM [dbo].[Correos O365] WHERE [TIPO] = @p1 AND [CURP] = @p2

SELECT [FOLIO_ALTAS], [Correo: electrónico], [TIPO], [NOMBRE], [PATERNO], [CURP], [CCT], [OFICIO_FECHA], [ESTATUS], [CAPTURADO] FROM [dbo].[Correos O365] WHERE [TIPO] = @p1 AND [CCT] = @p2

SELECT [FOLIO_ALTAS], [Correo: electrónico], [TIPO], [NOMBRE], [PATERNO], [CURP], [CCT], [OFICIO_FECHA], [ESTATUS], [CAPTURADO] FROM [dbo].[Correos O365] WHERE [CURP] = @p1

INSERT INTO [dbo].[Correos O365] ([FOLIO_ALTAS], [Correo: electrónico], [TIPO], [NOMBRE], [PATERNO], [CURP], [CCT], [OFICIO_FECHA], [ESTATUS], [CAPTURADO], [USUARIO]) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)

UPDATE [dbo].[Correos O365] SET [FOLIO_ALTAS] = @p1, [Correo: electrónico] = @p2, [TIPO] = @p3, [NOMBRE] = @p4, [PATERNO] = @p5, [CURP] = @p6, [CCT] = @p7, [OFICIO_FECHA] = @p8, [ESTATUS] = @p9, [CAPTURADO] = @p10 WHERE [FOLIO_ALTAS] = @p11

UPDATE [dbo].[Correos O365] SET [FOLIO_ALTAS] = @p1, [Correo: electrónico] = @p2, [TIPO] = @p3, [NOMBRE] = @p4, [PATERNO] = @p5, [CURP] = @p6, [CCT] = @p7, [OFICIO_FECHA] = @p8, [ESTATUS] = @p9, [CAPTURADO] = @p10 WHERE LOWER([Correo: electrónico]) = @p11 AND ([FOLIO_ALTAS] IS NULL OR [FOLIO_ALTAS] = '')





LOWER([Correo: electrónico]) IN (@p1, @p2, @p3)

INSERT INTO [dbo].[Correos O365] ([FOLIO_ALTAS], [Correo: electrónico], [TIPO], [NOMBRE], [PATERNO], [CURP], [CCT], [OFICIO_FECHA], [ESTATUS], [CAPTURADO], [USUARIO]) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11), (@p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21, @p22)

UPDATE [dbo].[Correos O365] SET [RECUPERADO] = @p1, [RECUPERO] = @p2, [CAMBIADO] = @p3 WHERE LOWER([Correo: electrónico]) = @p4 AND ([RECUPERADO] IS NULL OR [RECUPERADO] <= @p5)

SELECT COLUMN_NAME, DATA_TYPE, COALESCE(CHARACTER_MAXIMUM_LENGTH, 0),
       CAST(CASE IS_NULLABLE WHEN 'YES' THEN 1 ELSE 0 END AS bit),
       CAST(CASE WHEN COLUMN_DEFAULT IS NOT NULL
              OR COLUMNPROPERTY(OBJECT_ID(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME)), COLUMN_NAME, 'IsIdentity') = 1
              OR COLUMNPROPERTY(OBJECT_ID(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME)), COLUMN_NAME, 'IsComputed') = 1
              OR DATA_TYPE IN ('timestamp', 'rowversion') THEN 1 ELSE 0 END AS bit),
       CAST(CASE WHEN COLUMNPROPERTY(OBJECT_ID(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME)), COLUMN_NAME, 'IsIdentity') = 1
              OR COLUMNPROPERTY(OBJECT_ID(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME)), COLUMN_NAME, 'IsComputed') = 1
              OR DATA_TYPE IN ('timestamp', 'rowversion') THEN 1 ELSE 0 END AS bit),
       COALESCE(COLLATION_NAME, ''), COALESCE(DATETIME_PRECISION, 0), '',
       CAST(COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME), 'OBJECT', 'INSERT'), 0) AS bit),
       CAST(COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME), 'OBJECT', 'UPDATE', COLUMN_NAME, 'COLUMN'), 0) AS bit)
FROM INFORMATION_SCHEMA.COLUMNS
WHERE TABLE_SCHEMA = COALESCE(NULLIF(@p1, ''), SCHEMA_NAME()) AND TABLE_NAME = @p2
ORDER BY ORDINAL_POSITION

SELECT MAX(c.name), COALESCE(MAX(i.filter_definition), '')
FROM sys.indexes i
JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.is_included_column = 0
JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = OBJECT_ID(QUOTENAME(COALESCE(NULLIF(@p1, ''), SCHEMA_NAME())) + '.' + QUOTENAME(@p2))
  AND i.is_unique = 1 AND i.is_disabled = 0
GROUP BY i.index_id
HAVING COUNT(*) = 1

SELECT TABLE_NAME FROM INFORMATION_SCHEMA.VIEWS
WHERE TABLE_SCHEMA = COALESCE(NULLIF(@p1, ''), SCHEMA_NAME()) AND TABLE_NAME = @p2

ALTER INDEX ALL ON [receipts] REBUILD
