#!/usr/bin/env bash
# Phân tổ những gì sổ đã ghi: theo khu vực, giới tính, hình thức, nguồn quỹ, chương trình; tỷ lệ nữ; CĐCS thành viên;
# công đoàn cấp trên cơ sở lập mới; tỷ lệ tự đặt tính theo sổ. Số liệu đặt thử.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/phan-to-2025.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Ví Dụ"

ucli init --office "$tinh"
ucli batch --atomic <<HET
add-unit "LĐLĐ huyện An"    --kind district --parent "$tinh" --code AN
add-unit "Công đoàn phường Một" --kind ward --parent "$tinh" --code MOT --founded 1/7/2025
add-unit "Công đoàn phường Hai" --kind ward --parent "$tinh" --code HAI --founded 1/7/2025
add-union "CĐCS Nhà máy Thử" --parent AN --founded 3/2/2025 --sector fdi --members 240 --code THU
add-union "CĐCS Trạm Mẫu"    --parent AN --founded 3/3/2025 --sector public --code MAU
add-union "CĐCS thành viên Xưởng Một" --parent THU --founded 1/6/2025
add-member "Nguyễn Thị Ví"  --union MAU --admitted 5/3/2025 --sex nữ
add-member "Nguyễn Thị Dụ"  --union MAU --admitted 5/3/2025 --sex nữ
add-member "Nguyễn Văn Thử" --union MAU --admitted 5/3/2025 --sex nam
add-payout --unit AN --programme shelter --amount "60 triệu" --form new-build --fund "Quỹ Mái ấm" --on 2/5/2025
add-payout --unit AN --programme shelter --amount "25 triệu" --form repair    --fund "Quỹ Mái ấm" --on 3/5/2025
add-payout --unit AN --programme tet     --amount "40 triệu" --recipients 80  --fund "Quỹ huyện"  --on 15/1/2025
add-indicator nu-hai-gioi --name "Nữ đoàn viên đạt hai giỏi" --measure "đoàn viên"
add-indicator tl-nu-hai-gioi --name "Tỷ lệ nữ đoàn viên đạt hai giỏi" --measure % --formula "nu-hai-gioi / dv-nu"
add-figure nu-hai-gioi 1 --unit MAU --period 2025
set-target tl-nu-hai-gioi 95% --unit MAU --period 2025
HET

echo "== Riêng khu vực FDI =="
ucli report 2025 --as-of 31/7/2025 --sector FDI

echo "== Riêng nữ, theo CĐCS =="
ucli report 2025 --as-of 31/7/2025 --sex nữ --by cdcs --indicator members-admitted

echo "== Riêng nhà xây mới; riêng một nguồn quỹ =="
ucli report 2025 --as-of 31/7/2025 --form "xây mới" --indicator shelter-houses --indicator shelter-amount
ucli report 2025 --as-of 31/7/2025 --fund "mái ấm" --by hình-thức --indicator shelter-amount

echo "== Nữ trong đoàn viên; đơn vị cấp trên lập mới; CĐCS thành viên không tính là CĐCS =="
ucli report 2025 --unit MAU --indicator dv-nu --indicator tl-dv-nu --indicator tl-nu-hai-gioi
ucli report 2025 --as-of 31/7/2025 --indicator cttcs-moi --indicator cdcs-moi
ucli units --kind "CĐCS thành viên"
